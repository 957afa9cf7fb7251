/** A format that takes all lines of a file together: a toy one, put into the list, is detected, accounted for, read back and followed. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MAX_TOGETHER_BYTES } from '../../../src/base/bounds.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { together as reader } from '../../../src/engine/readers/together.ts';
import { accept, singleRollout } from '../../../src/formats/envelope.ts';
import type { Format } from '../../../src/formats/format.ts';
import { get, getString } from '../../../src/formats/json.ts';
import { readMessages } from '../../../src/formats/messages.ts';
import { oneLine } from '../../../src/formats/together.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { sessionState } from '../../helpers/sessionState.ts';

vi.mock('../../../src/formats/registry.ts', async (original) => {
  const { FORMATS: known } = await original<typeof import('../../../src/formats/registry.ts')>();
  const { orderFormats } = await import('../../../src/formats/order.ts');
  /** Lines `{said, who, of}` of dialogues `of`; `{tick}` is of no message. */
  const together: Format['together'] = (lines) => {
    const dialogues = new Map<string, object[]>();
    const faults = [];
    for (const line of lines) {
      const of = getString(line.value, 'of');
      if (of !== undefined) {
        const messages = dialogues.get(of) ?? [];
        dialogues.set(of, messages);
        messages.push({ role: get(line.value, 'who'), content: get(line.value, 'said') });
      } else if (get(line.value, 'tick') === undefined)
        faults.push({ line, complaint: { code: 'unknown-line', expected: 'a line of a dialogue', found: 'another' } });
    }
    const rollouts = [...dialogues].map(([id, messages]) => {
      const read = readMessages(messages);
      if (!read.ok) return read;
      const entry = accept(singleRollout({ id, reward: null }, read.events));
      return entry.ok ? { ...entry, fields: { messages: messages.length } } : entry;
    });
    return { rollouts, faults };
  };
  const dialogue: Format = {
    id: 'dialogue',
    label: 'Dialogues',
    detects: (record) => getString(record, 'of') !== undefined || get(record, 'tick') !== undefined,
    decode: oneLine(together),
    together,
  };
  return { FORMATS: orderFormats([...known, dialogue]) };
});

const said = (of: string, who: string, text: string): object => ({ of, who, said: text });
const LINES = [
  said('a', 'user', 'Water the beds.'),
  said('b', 'user', 'Rake — the leaves.'),
  { tick: 1 },
  said('a', 'assistant', 'Done.'),
  said('b', 'assistant', 'Not today.'),
];
const text = LINES.map((line) => JSON.stringify(line)).join('\n');

describe('a file whose lines together are rollouts', () => {
  it('is one record for each rollout and for each line that is lost, at its own place', async () => {
    const log = `\ufeff${text}\r\n\n{"strange":1}\n{broken}\n{"of":"a","who":`;
    const { session, facts } = await openSession([inputFile('log.jsonl', log)]);
    expect(facts.inputs).toMatchObject([{ format: 'dialogue', records: 5, rollouts: 2, issueCount: 3 }]);
    const at = (part: string): number => Buffer.from(log).indexOf(part);
    const { issues } = session.issues(0, 10);
    expect(issues.map(({ code, line, address }) => [code, line, address.start])).toEqual([
      ['unknown-line', 7, at('{"strange')],
      ['invalid-json', 8, at('{broken}')],
      ['torn-line', 9, Buffer.from(log).lastIndexOf('{"of"')],
    ]);
  });

  it('may be a list of such lines', async () => {
    const { facts } = await openSession([inputFile('log.json', JSON.stringify([...LINES, { strange: 1 }], null, 1))]);
    expect(facts.inputs).toMatchObject([{ format: 'dialogue', records: 3, rollouts: 2, issueCount: 1 }]);
  });

  it('may be one line', async () => {
    const { facts } = await openSession([inputFile('log.jsonl', JSON.stringify(LINES[0]))]);
    expect(facts.inputs).toMatchObject([{ format: 'dialogue', records: 1, rollouts: 1 }]);
  });

  it('is read back as a whole', async () => {
    const { session } = await openSession([inputFile('log.jsonl', text)]);
    const sink = memorySink();
    const { orderId } = session.order(DEFAULT_RULE);
    await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
    const contents = linesOf(sink.files.get('messages.jsonl')).map(({ messages }) =>
      (messages as { content: string }[]).map(({ content }) => content).join(' '),
    );
    expect(new Set(contents)).toEqual(new Set(['Water the beds. Done.', 'Rake — the leaves. Not today.']));
    const { columns } = session.rollouts();
    expect(columns.find(({ id }) => id === 'field.messages')).toMatchObject({ values: Float64Array.of(2, 2) });
  });

  it('is not read where it is too long', async () => {
    const source = { name: 'log', byteLength: MAX_TOGETHER_BYTES + 1, read: () => Promise.reject(new Error('nothing is read')) };
    const address = { unit: 'bytes', start: 0, size: source.byteLength, member: 0 } as const;
    expect(await reader.readAgain(source, address)).toEqual({ pieces: [] });
  });

  it('is read anew while it grows, to what opening it at once gives', async () => {
    const whole = `${text}\n`;
    const bytes = new TextEncoder().encode(whole);
    const { session: atOnce } = await openSession([inputFile('log.jsonl', whole)]);
    const expected = await sessionState(atOnce);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 4 }), async (cuts) => {
        const { session } = await openSession([]);
        let size = 0;
        const now = async () => inputFile('log.jsonl', bytes.slice(0, size));
        const { name } = await session.follow({ path: 'log.jsonl', now }, () => undefined);
        for (const cut of [...cuts].sort((a, b) => a - b).concat(bytes.length)) {
          size = cut;
          await session.poll(name);
        }
        await session.unfollow(name);
        expect(await sessionState(session)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});
