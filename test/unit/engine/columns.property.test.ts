/** Opening with columns read from bytes gives what opening with whole texts gives: batches, issues with their places, counts. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { formatById } from '../../../src/engine/format-by-id.ts';
import { planIntake } from '../../../src/engine/intake.ts';
import { parseJob } from '../../../src/engine/parse.ts';
import type { ParseReply } from '../../../src/engine/parse-job.ts';
import { makeTokenisation } from '../../../src/engine/pool.ts';
import { sniff } from '../../../src/engine/sniff.ts';
import { parseColumns, type ColumnTree } from '../../../src/formats/columns.ts';
import type { Format } from '../../../src/formats/format.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { applyChange, change } from '../../helpers/mutateLog.ts';

const WITH_COLUMNS = FORMATS.filter(({ columns }) => columns !== undefined);
const FIXTURES = WITH_COLUMNS.flatMap(({ id }) => filesOf(join('test/fixtures', id), 60_000));
const REAL = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

function filesOf(folder: string, most: number): { readonly name: string; readonly text: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jsonl?$/.test(name) && !name.includes('.expected.') && statSync(join(folder, name)).size < most)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** The format with its columns where they are, but none of them read from bytes. */
function withoutColumns(format: Format): Format {
  return { ...format, columns: unreadTree(format.columns ?? {}) };
}

function unreadTree(tree: ColumnTree): ColumnTree {
  return Object.fromEntries(Object.entries(tree).map(([key, at]) => [key, typeof at === 'string' ? {} : unreadTree(at)]));
}

async function open(name: string, text: string, columns: boolean): Promise<readonly ParseReply[]> {
  const source = bytesSource(name, new TextEncoder().encode(text));
  const sniffed = await sniff(source);
  const readers = sniffed.kind === 'records' ? sniffed.readers : [];
  const intake = await planIntake(source, 0, name, name, readers, undefined);
  if (!intake.ok) return [];
  const tokenisation = await makeTokenisation(DEFAULT_OPEN_SETTINGS);
  const replies: ParseReply[] = [];
  for (const job of intake.jobs) {
    const format = job.format === null ? null : formatById(job.format, undefined);
    for await (const reply of parseJob(job, source, format && (columns ? format : withoutColumns(format)), tokenisation))
      replies.push(reply);
  }
  return replies;
}

/** How many records of the log are read with columns. */
function recordsWithColumns(text: string): number {
  return text
    .split('\n')
    .filter((line) => WITH_COLUMNS.some(({ columns }) => columns && parseColumns(new TextEncoder().encode(line), columns) !== null)).length;
}

it('opens fixtures alike', async () => {
  expect(WITH_COLUMNS.length).toBeGreaterThan(3);
  let records = 0;
  for (const { name, text } of FIXTURES) {
    records += recordsWithColumns(text);
    expect(await open(name, text, true)).toEqual(await open(name, text, false));
  }
  expect(records).toBeGreaterThan(12);
});

it('takes no column for a field, be it of one token', async () => {
  const record = { token_ids: [5], loss_mask: [true], inference_logprobs: [-0.5], rewards: [1], tags: ['a'] };
  for (const columns of [true, false]) {
    const names = (await open('rank_0.jsonl', JSON.stringify(record), columns)).flatMap((reply) =>
      reply.batch ? reply.batch.rollouts.flatMap(({ fieldNames = [] }) => fieldNames) : [],
    );
    expect(names).toEqual(['tags']);
  }
});

it('opens damaged logs alike', { timeout: 60_000 }, async () => {
  const runs = Number(process.env['ESPALIER_FUZZ_RUNS'] ?? 150);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FIXTURES),
      fc.array(change(12), { minLength: 1, maxLength: 3 }),
      async ({ name, text }, changes) => {
        const damaged = changes.reduce(applyChange, text);
        expect(await open(name, damaged, true)).toEqual(await open(name, damaged, false));
      },
    ),
    { numRuns: runs },
  );
});

it.skipIf(!existsSync(REAL))('opens real logs alike', { timeout: 60_000 }, async () => {
  let records = 0;
  for (const folder of ['nemo-gym', 'nemo-gym-pr', 'atropos', 'verifiers-evals']) {
    for (const { name, text } of filesOf(join(REAL, folder), 1_500_000)) {
      records += recordsWithColumns(text);
      expect(await open(name, text, true)).toEqual(await open(name, text, false));
    }
  }
  expect(records).toBeGreaterThan(0);
});
