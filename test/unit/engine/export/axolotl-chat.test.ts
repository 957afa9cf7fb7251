/** Conversations for axolotl, as its chat_template strategy reads them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { trainedParts } from '../../../../src/engine/export/trained-parts.ts';
import { answer, call, exportLogs, result, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';

interface Row {
  readonly messages: readonly Message[];
  readonly tools?: unknown;
}

/** What axolotl refuses or misreads (src/axolotl/prompt_strategies/chat_template.py). */
function faults({ messages, tools }: Row): string[] {
  const found: string[] = [];
  if (tools !== undefined && !Array.isArray(tools)) found.push('tools are no list');
  for (const { function: described } of (tools ?? []) as { function: { parameters: string } }[]) JSON.parse(described.parameters);
  for (const { role, content, train, train_detail: detail, tool_calls: calls } of messages) {
    if (!['system', 'user', 'assistant', 'tool'].includes(role)) found.push(`role ${role}`);
    if (typeof content !== 'string') found.push('content is no text');
    if (typeof train !== 'boolean') found.push('train is no boolean');
    if (train === true && role !== 'assistant') found.push('trains others');
    for (const { function: called } of (calls ?? []) as { function: { arguments: string } }[])
      if (typeof JSON.parse(called.arguments) !== 'object') found.push('arguments');
    for (const { begin_offset: begin, end_offset: end } of (detail ?? []) as { begin_offset: number; end_offset: number }[])
      if (!(begin >= 0 && begin <= end && end < Array.from(String(content)).length)) found.push('offsets');
  }
  return found;
}

/** The characters of an answer that axolotl trains: the end of an offset is inside. */
function trainedText({ content, train, train_detail: detail }: Message): string {
  if (train !== true) return '';
  if (detail === undefined) return String(content);
  const characters = Array.from(String(content));
  return (detail as { begin_offset: number; end_offset: number }[])
    .map(({ begin_offset: a, end_offset: b }) => characters.slice(a, b + 1).join(''))
    .join('|');
}

it('marks the new part of an answer of which a part was trained before', async () => {
  const logs: Log[] = ['pears 🍐 were planted', 'plums 🌳 were felled'].map((end, i) => ({
    id: `r${i}`,
    task: 't',
    messages: [user('What happened?'), answer(`In the lower fold 🍎 of the orchard many ${end}`), user('Where?'), answer(`Here ${i}`)],
  }));
  const { rows, counts } = await exportLogs('axolotl-chat', logs);
  expect(rows.flatMap((row) => faults(row as unknown as Row))).toEqual([]);
  expect(counts).toEqual({});
  const texts = rows.map((row) => (row as unknown as Row).messages.map(trainedText));
  const [first, second] = texts.map((text) => text[1] ?? '');
  expect(
    `In the lower fold 🍎 of the orchard many pears 🍐 were planted|In the lower fold 🍎 of the orchard many plums 🌳 were felled`,
  ).toContain(first);
  expect(first).toMatch(/^In the lower/);
  expect(second).toMatch(/^ ?(?:pears 🍐 were planted|plums 🌳 were felled)$/);
  expect(texts.map((text) => text[3])).toEqual(expect.arrayContaining(['Here 0', 'Here 1']));
});

it('rounds an answer with thoughts or calls to the whole, and counts it', async () => {
  const logs: Log[] = ['A', 'B'].map((end) => ({
    id: end,
    task: 't',
    tools: [tool('look', 'at')],
    messages: [
      user('Go.'),
      answer('', {
        reasoning_content: 'I should look at all the beds first.',
        tool_calls: [call('1', 'look', JSON.stringify({ at: end }))],
      }),
      result('1', end),
      answer(`Done ${end}`),
    ],
  }));
  const { rows, counts } = await exportLogs('axolotl-chat', logs);
  expect(rows.flatMap((row) => faults(row as unknown as Row))).toEqual([]);
  expect(Object.keys(counts)).toHaveLength(1);
  expect(counts).toEqual(expect.objectContaining({ [Object.keys(counts)[0] ?? '']: 1 }));
  expect(Object.keys(counts)[0]).toMatch(/^answers whose (?:larger|smaller) part was trained before/);
  const [message] = (rows[0] as unknown as Row).messages.slice(1);
  expect(message).toMatchObject({ train: true, reasoning_content: 'I should look at all the beds first.' });
});

it('says which single tokens were drawn', async () => {
  const logs: Log[] = [{ id: 'a', messages: [user('Count.'), answer('One two three four five six seven eight nine ten eleven twelve')] }];
  const { rows, counts } = await exportLogs('axolotl-chat', logs, { train: 0.4, rule: { train: 'random' } });
  const [, reply] = (rows[0] as unknown as Row).messages;
  expect(counts).toEqual({});
  expect(reply?.train_detail).not.toEqual([]);
  expect(reply?.train_detail).toBeInstanceOf(Array);
  const text = trainedText(reply as Message).replaceAll('|', '');
  expect(text.length).toBeGreaterThan(5);
  expect(text.length).toBeLessThan(45);
});

it('knows parts by bytes, whatever tokens cut through, or says that it does not', () => {
  const encoder = new TextEncoder();
  const piece = fc.constantFrom('a', 'é', '漢', '🍐', ' ');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(piece, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      (letters, cutsThrough, half) => {
        const content = letters.map(([letter]) => letter).join('');
        // One token for each character, or for each byte; a character of which a part trains, or its first byte alone.
        const bytes = letters.flatMap(([letter, trains]) => {
          const own = encoder.encode(letter);
          return cutsThrough
            ? Array.from(own, (byte, at) => ({ bytes: Uint8Array.of(byte), trains: trains && (at === 0 || !half) }))
            : [{ bytes: own, trains }];
        });
        const all = [{ bytes: encoder.encode('<|answer|>'), trains: false }, ...bytes, { bytes: encoder.encode('<|end|>'), trains: true }];
        const row = { ids: Int32Array.from(all.keys()), weight: Float64Array.from(all, ({ trains }) => (trains ? 1 : 0)) };
        const tokens = { start: 0, end: all.length, sampled: 1, trained: 1, before: 0 };
        const message = { role: 'assistant', content, train: true, weight: 1, tokens };
        const found = trainedParts(message, row, { name: 'bytes', encode: () => [], bytes: (id) => all[id]?.bytes ?? null });
        const text = '<|answer|>' + content + '<|end|>';
        if (text.indexOf(content) !== text.lastIndexOf(content)) {
          expect(found).toBeNull();
          return;
        }
        const isInside = cutsThrough && half && letters.some(([letter, trains]) => trains && encoder.encode(letter).length > 1);
        if (isInside) expect(found).toBeNull();
        else {
          const marks = letters.map(() => false);
          for (const { start, end } of found ?? []) marks.fill(true, start, end);
          expect(marks).toEqual(letters.map(([, trains]) => trains));
        }
      },
    ),
  );
});
