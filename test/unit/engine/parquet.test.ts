/** Parquet files open as logs: rows are records, groups jobs; values become JSON; damage is an issue and never a crash. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { parquet } from '../../../src/engine/readers/parquet.ts';
import { plainRow } from '../../../src/engine/readers/table-values.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { conversations, listOf, MESSAGES, parquetBytes } from '../../helpers/parquetBytes.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/parquet/', import.meta.url));
const ANSWERS = ['Done.', 'Not today.', 'Done.', 'Which beds?', 'Soon.'];
const look = { name: 'a.parquet', path: 'a.parquet', recognise: () => ({ format: null, unmapped: null, isSure: false }) };

/** All rows of a file as the reader gives them, and the spans that it planned. */
async function readAll(
  bytes: Uint8Array,
): Promise<{ spans: readonly { start: number; end: number }[]; rows: unknown[]; faults: string[] }> {
  const source = bytesSource('a.parquet', Uint8Array.from(bytes));
  const planned = await parquet.plan(source, look);
  if (planned === null || !planned.ok) return { spans: [], rows: [], faults: [planned?.fault.found ?? ''] };
  const rows: unknown[] = [];
  const faults: string[] = [];
  for (const span of planned.plan.spans)
    for await (const { records } of parquet.read(source, span))
      for (const { content } of records)
        if ('value' in content) rows.push(content.value);
        else if ('fault' in content) faults.push(content.fault.found);
  return { spans: planned.plan.spans, rows, faults };
}

describe('a Parquet file', () => {
  it('gives a rollout for each row, by row groups, with its columns', async () => {
    const bytes = parquetBytes([...MESSAGES, { name: 'reward', type: 'DOUBLE', repetition_type: 'OPTIONAL' }], {
      messages: conversations(ANSWERS),
      reward: [1, 0, 0.5, null, 1],
    });
    const { session, facts } = await openSession([inputFile('log.parquet', bytes)]);
    expect(facts.inputs).toMatchObject([{ name: 'log.parquet', format: 'chat', records: 5, rollouts: 5, issueCount: 0 }]);
    expect(facts.rewards).toMatchObject({ known: 4 });
    const { spans } = await readAll(bytes);
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    const sink = memorySink();
    await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
    const said = linesOf(sink.files.get('messages.jsonl')).map(({ messages }) => (messages as { content: string }[]).at(-1)?.content);
    expect(new Set(said)).toEqual(new Set(ANSWERS));
  });

  it('gives a row again by its number', async () => {
    const bytes = parquetBytes(MESSAGES, { messages: conversations(ANSWERS) });
    const source = bytesSource('a.parquet', Uint8Array.from(bytes));
    for (const row of [4, 0, 3]) {
      const content = await parquet.readAgain(source, { unit: 'row', start: row, size: 1, member: 0 });
      expect(content).toEqual({ value: { messages: conversations(ANSWERS)[row] } });
    }
  });

  it('has values as JSON would', async () => {
    const bytes = parquetBytes(
      [
        { name: 'id', type: 'INT64' },
        { name: 'big', type: 'INT64' },
        { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
        { name: 'day', type: 'INT32', converted_type: 'DATE' },
        { name: 'price', type: 'INT32', converted_type: 'DECIMAL', scale: 2, precision: 6 },
        { name: 'raw', type: 'BYTE_ARRAY' },
        ...listOf('calls', [
          { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
          { name: 'arguments', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        ]),
      ],
      {
        id: [7n],
        big: [2n ** 62n],
        at: [new Date('2026-03-04T05:06:07.008Z')],
        day: [new Date('2026-03-04')],
        price: [12.25],
        raw: [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0)],
        calls: [[{ name: 'look', arguments: null }]],
      },
    );
    expect((await readAll(bytes)).rows).toEqual([
      {
        id: 7,
        big: '4611686018427387904',
        at: '2026-03-04T05:06:07.008Z',
        day: '2026-03-04',
        price: 12.25,
        raw: 'data:image/png;base64,iVBORwA=',
        calls: [{ name: 'look' }],
      },
    ]);
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)('is unpacked where its pages are %s', async (codec) => {
    const { rows } = await readAll(parquetBytes(MESSAGES, { messages: conversations(ANSWERS) }, { codec }));
    expect(rows).toEqual(conversations(ANSWERS).map((messages) => ({ messages })));
  });

  it('is an issue where it is cut, and where a page is damaged the other groups load', async () => {
    const bytes = parquetBytes(MESSAGES, { messages: conversations(ANSWERS) });
    const { session, facts } = await openSession([inputFile('cut.parquet', bytes.subarray(0, bytes.length - 9))]);
    expect(facts).toMatchObject({ rollouts: 0, issues: 1 });
    expect(session.issues(0, 9).issues).toMatchObject([{ code: 'damaged-table', expected: 'a whole Parquet file' }]);
    const damaged = Uint8Array.from(bytes);
    damaged.fill(0xff, 4, 24);
    const opened = await openSession([inputFile('damaged.parquet', damaged)]);
    expect(opened.facts).toMatchObject({ rollouts: 0 });
    expect(opened.session.issues(0, 9).issues[0]?.found).toContain('rows 0 to 1 cannot be read');
  });

  it('never throws, whatever bytes are wrong', async () => {
    const bytes = parquetBytes(MESSAGES, { messages: conversations(ANSWERS) }, { codec: 'UNCOMPRESSED' });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (flips) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of flips) damaged[at] = byte;
        const { rows, faults } = await readAll(damaged);
        expect(rows.length + faults.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('leaves what nothing can hold out of rows', () => {
  const own = Object.create(null) as Record<string, unknown>;
  own['__proto__'] = [1n];
  own['nothing'] = null;
  expect(Object.entries(plainRow(own) as object)).toEqual([['__proto__', [1]]]);
});

describe.skipIf(!existsSync(DATA))('real Parquet files', () => {
  const files = existsSync(DATA)
    ? readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'))
    : [];
  it.each(files)('%s opens with each row accounted for', async (name) => {
    const bytes = readFileSync(DATA + name);
    const { rows, faults } = await readAll(bytes);
    expect(faults).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
    const { facts } = await openSession([inputFile(name, bytes)]);
    expect(facts.inputs).toMatchObject([{ records: rows.length }]);
    expect(facts.rollouts + facts.issues).toBeGreaterThanOrEqual(rows.length);
  });
});
