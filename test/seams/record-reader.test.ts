/** A record reader is a file and a line: a toy one of another unit than bytes, put into the list, is planned, read and read again. */
import { expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { RecordAddress } from '../../src/core/model/address.ts';
import type { FoundRecord, RecordReader } from '../../src/engine/readers/reader.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../helpers/openSession.ts';

/** `ROWS`, then one answer a line: each is a row of a table, as in a columnar file. */
vi.mock('../../src/engine/readers/registry.ts', async (original) => {
  const { READERS } = await original<typeof import('../../src/engine/readers/registry.ts')>();
  const valueOf = (answer: string): unknown => ({
    messages: [
      { role: 'user', content: 'Water the beds.' },
      { role: 'assistant', content: answer },
    ],
  });
  const answersOf = async (source: { byteLength: number; read(start: number, end: number): Promise<Uint8Array> }): Promise<string[]> =>
    new TextDecoder()
      .decode(await source.read(0, source.byteLength))
      .trimEnd()
      .split('\n')
      .slice(1);
  const addressOf = (row: number): RecordAddress => ({ unit: 'row', start: row, size: 1, member: 0 });
  const rows: RecordReader = {
    id: 'rows',
    recognises: (head) => new TextDecoder().decode(head.subarray(0, 5)) === 'ROWS\n',
    async plan(source, { name, path, recognise }) {
      const answers = await answersOf(source);
      const seen = answers.map((answer, index) => ({ record: valueOf(answer), context: { name, path, index, line: 0 } }));
      const half = Math.ceil(answers.length / 2);
      const spans = [
        { start: 0, end: half, firstIndex: 0 },
        { start: half, end: answers.length, firstIndex: half },
      ];
      return { ok: true, plan: { spans, recognised: recognise(seen), first: seen[0]?.record, fault: null } };
    },
    async *read(source, { start, end }) {
      const answers = await answersOf(source);
      const records = answers.slice(start, end).map((answer, i): FoundRecord => ({
        address: addressOf(start + i),
        line: 0,
        index: start + i,
        torn: false,
        content: { value: valueOf(answer) },
      }));
      yield { records, size: end - start, lines: 0 };
    },
    readAgain: async (source, { start }) => ({ value: valueOf((await answersOf(source))[start] ?? '') }),
  };
  return { READERS: [rows, ...READERS] };
});

it('is asked by the first bytes, and its records are rollouts', async () => {
  const { facts } = await openSession([inputFile('table.rows', 'ROWS\nDone.\nNot today.\nDone.\n')]);
  expect(facts.inputs).toMatchObject([{ format: 'chat', records: 3, rollouts: 3, issueCount: 0 }]);
});

it('reads one record again by its row', async () => {
  const { session } = await openSession([inputFile('table.rows', 'ROWS\nDone.\nNot today.\n')]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const said = linesOf(sink.files.get('messages.jsonl')).map(({ messages }) => (messages as { content: string }[]).at(-1)?.content);
  expect(new Set(said)).toEqual(new Set(['Done.', 'Not today.']));
});
