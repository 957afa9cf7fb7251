/** Chat histories of Aider are found by their text, one record a chat, and read back at their places. */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { aider } from '../../../src/engine/readers/aider.ts';
import { turnsOf } from '../../../src/formats/aider-turns.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const chat = (asked: string, said: string): string =>
  `# aider chat started at 2026-03-04 09:00:00\n\n> Aider v0.80.0\n\n#### ${asked}  \n\n${said}\n\n> Applied edit to beds.py\n\n`;
const HISTORY = `\n${chat('Is bed 1 dry?', 'It is — yes.')}${chat('And bed 2?', '```\n#### 2\n```')}`;

/** What is said in each chat that is written. */
async function allSaid(text: string): Promise<string[][]> {
  const { session } = await openSession([inputFile('a.md', text)]);
  const sink = memorySink();
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  return linesOf(sink.files.get('messages.jsonl')).map(({ messages }) => (messages as { content: string }[]).map(({ content }) => content));
}

it('gives each chat as a rollout', async () => {
  const { session, facts } = await openSession([inputFile('.aider.chat.history.md', HISTORY)]);
  expect(facts.inputs).toMatchObject([{ format: 'aider', records: 2, rollouts: 2, issueCount: 0 }]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const said = linesOf(sink.files.get('messages.jsonl')).map(({ messages }) =>
    (messages as { content: string }[]).map(({ content }) => content),
  );
  expect(new Set(said)).toEqual(
    new Set([
      ['And bed 2?', '```\n#### 2\n```'],
      ['Is bed 1 dry?', 'It is — yes.'],
    ]),
  );
});

it('keeps the line ends of a text as the file has them', async () => {
  const said = async (text: string): Promise<unknown> => (await allSaid(text))[0];
  const text = chat('Is bed 1 dry?', 'It is.\nYes.');
  expect(await said(text)).toEqual(['Is bed 1 dry?', 'It is.\nYes.']);
  expect(await said(text.replaceAll('\n', '\r\n'))).toEqual(['Is bed 1 dry?', 'It is.\r\nYes.']);
  expect(await said(text.replace('is.\n', 'is.\r\n'))).toEqual(['Is bed 1 dry?', 'It is.\r\nYes.']);
});

it('gives what is no chat as an issue, and leaves other Markdown alone', async () => {
  const { facts } = await openSession([
    inputFile('empty.md', '# aider chat started at 2026-03-04 09:00:00\n\n> Aider v0.80.0\n'),
    inputFile('notes.md', '# Notes\n\n#### A heading\n\nof aider\n'),
  ]);
  expect(facts.inputs).toMatchObject([
    { format: 'aider', records: 1, rollouts: 0, issueCount: 1 },
    { format: null, records: 1, rollouts: 0, issueCount: 1 },
  ]);
});

it('reads a span to its end, and each chat at its address', async () => {
  const bytes = new TextEncoder().encode(HISTORY);
  const source = bytesSource('a.md', bytes);
  let read = 0;
  for await (const { records, size } of aider.read(source, { start: 0, end: bytes.length, firstIndex: 0 })) {
    read += size;
    for (const { address, content } of records) expect(await aider.readAgain(source, address)).toEqual(content);
  }
  expect(read).toBe(bytes.length);
});

it('reads what is before the first head: the rest of a chat as one, other text as an issue', async () => {
  const rest = 'in the shed.\n\n#### And the rake?\n\nThere too.\n\n';
  expect(await allSaid(rest + HISTORY)).toContainEqual(['in the shed.', 'And the rake?', 'There too.']);
  const open = async (text: string) => (await openSession([inputFile('a.md', text)])).facts.inputs;
  expect(await open(rest + HISTORY)).toMatchObject([{ records: 3, rollouts: 3, issueCount: 0 }]);
  expect(await open(`Notes of mine.\n${HISTORY}`)).toMatchObject([{ records: 3, rollouts: 2, issueCount: 1 }]);
  const page = `# A chat\n\nProse.\n\n<div class="chat-transcript" markdown="1">\n\n${chat('Is it dry?', 'No.')}\n</div>\n\nMore prose.\n`;
  expect(await open(page)).toMatchObject([{ records: 1, rollouts: 1, issueCount: 0 }]);
  expect(await allSaid(page)).toEqual([['Is it dry?', 'No.']]);
});

it('ends a fence that the model left open where its reply ends', async () => {
  const tokens = '> Tokens: 1.2k sent, 3 received.';
  const turns = (...said: string[]): string => `# aider chat started at 2026-03-04 09:00:00\n\n${said.join('\n\n')}\n`;
  const left = '```python\ndry = True';
  const whole = '```python\n#### dry\n> wet\n```';
  expect(await allSaid(turns('#### a', left, tokens, '#### b', whole, tokens, '#### c', 'd'))).toEqual([['a', left, 'b', whole, 'c', 'd']]);
  expect(await allSaid(turns('#### a', left, '#### b', 'c'))).toEqual([['a', left, 'b', 'c']]);
  expect(await allSaid(turns('#### a', 'Use ```x```.', '```y``` is one.', '#### b', 'c'))).toEqual([
    ['a', 'Use ```x```.\n\n```y``` is one.', 'b', 'c'],
  ]);
  expect(await allSaid(turns('#### a', '````md\n```\n#### in it\n```\n~~~\n````', '#### b', 'c'))).toEqual([
    ['a', '````md\n```\n#### in it\n```\n~~~\n````', 'b', 'c'],
  ]);
});

it('finds fences as whoever looks ahead at each line finds them', () => {
  const lines = fc.array(
    fc.constantFrom('```', '```py', '````', '~~~', ' ~~~~', 'x', '#### q', '> Tokens: 1k sent, 2 received.', '```a```', '> c'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(lines, (given) => {
      expect(turnsOf(given).turns).toEqual(slowTurns(given));
    }),
  );
});

/** The same by looking from each line for its close, and what is said by whom for each line. */
function slowTurns(lines: readonly string[]): { role: string; content: string }[] {
  const turns: { role: string; content: string }[] = [];
  let role = '';
  let skipped = true;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const mark = /^ ?(?:(`+)(?!.*`)|(~+))/.exec(line);
    const fence = mark?.[1] ?? mark?.[2];
    const rest = lines.slice(i + 1);
    const ended = rest.findIndex((other) => other.startsWith('> Tokens'));
    const reply = ended < 0 ? rest : rest.slice(0, ended);
    const closed = fence === undefined ? -1 : reply.findIndex((other) => /^(`+|~+)$/.test(other.trim()) && other.trim().startsWith(fence));
    const own = lines.slice(i, i + closed + 2);
    const [by, said] = closed >= 0 ? ['assistant', own] : line.startsWith('#### ') ? ['user', ['q']] : ['assistant', [line]];
    if (closed < 0 && line.startsWith('>')) {
      skipped = true;
      continue;
    }
    if (skipped || by !== role) turns.push({ role: by, content: said.join('\n') });
    else turns.at(-1)!.content += `\n${said.join('\n')}`;
    [role, skipped] = [by, false];
    i += Math.max(0, closed + 1);
  }
  return turns.map((turn) => ({ ...turn, content: turn.content.trimEnd() }));
}

it('looks at each line of many fences that nothing closes a few times only', () => {
  let looks = 0;
  const spy = vi.spyOn(String.prototype, 'startsWith').mockImplementation(function (this: string, search: string) {
    looks++;
    return this.slice(0, search.length) === search;
  });
  const counts = [200, 400].map((length) => {
    looks = 0;
    turnsOf(Array.from({ length }, () => '```py'));
    return looks;
  });
  spy.mockRestore();
  expect(counts[1]).toBeLessThan(3 * counts[0]!);
});

it('trims a turn without looking back over blanks in it', () => {
  const inner = ' '.repeat(200_000);
  expect(turnsOf(['#### a', `x${inner}y  `]).turns.at(-1)).toEqual({ role: 'assistant', content: `x${inner}y` });
});
