/** Writing the lines of rollouts that stay: ranges of the file, against JSON.stringify of ready-made records. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { planExport } from '../../../src/engine/export/plan.ts';
import type { UnitWriter } from '../../../src/engine/export/profile.ts';
import { asRead } from '../../../src/engine/export/profiles/as-read.ts';
import { makeTally } from '../../../src/engine/export/tally.ts';
import { trainingUnits } from '../../../src/engine/export/units.ts';
import { makeReadBack } from '../../../src/engine/read-back.ts';
import { applyBudget, makeRuling } from '../../../src/engine/ruling.ts';
import { o200k } from '../../../src/engine/tokenizers/o200k.ts';
import { writeMessageLog } from '../data/message-log.ts';
import { datasetAt } from '../dataset.ts';
import { expectEqual, faster, type Row, type Scale } from './row.ts';

/** Rounds of each run of the benchmark. */
const ROUNDS = 5;

/** Whole rollouts are drawn for four fifths of the tokens, so that what stays are many short ranges of the file. */
export async function asReadRow(scratch: string, scale: Scale): Promise<Row> {
  const path = join(scratch, 'as-read.jsonl');
  writeMessageLog(path, { rollouts: scale.quick ? 2_000 : 20_000, messages: 14, tasks: 400, words: 14, firstTask: 0 });
  scale.say('exporting lines as they were read');
  const dataset = await datasetAt(path);
  const ruling = makeRuling(dataset, { ...DEFAULT_RULE, strategy: 'whole-rollouts' }, 1, null);
  const planned = planExport({
    ruling,
    keep: applyBudget(ruling, { cut: 0.8, train: 1 }),
    spec: { profiles: [{ profile: asRead.id }], weights: 'branch-mean', maskErrors: false },
    readBack: makeReadBack(dataset, undefined),
    opened: DEFAULT_OPEN_SETTINGS,
    tokenizer: o200k(),
    template: null,
  });
  const parts: Uint8Array[] = [];
  for await (const { bytes } of linesOf({ ...planned })) parts.push(bytes.slice());
  const text = Buffer.concat(parts).toString();
  const own = new Set(readFileSync(path, 'utf8').split('\n'));
  const lines = text.split('\n').slice(0, -1);
  expectEqual('lines that are lines of the log', lines.filter((line) => own.has(line)).length, lines.length);
  const records = lines.map((line) => JSON.parse(line) as unknown);
  let ours = Infinity;
  let reference = Infinity;
  for (let run = 0; run < scale.runs * ROUNDS; run++) {
    let begun = performance.now();
    let bytes = 0;
    let count = 0;
    // A plan that is new finds anew what stays.
    for await (const unit of linesOf({ ...planned })) {
      bytes += unit.bytes.length;
      count = unit.records;
    }
    ours = Math.min(ours, performance.now() - begun);
    begun = performance.now();
    let plain = 0;
    for (const record of records) plain += JSON.stringify(record).length + 1;
    reference = Math.min(reference, performance.now() - begun);
    expectEqual('records', count, records.length);
    if (plain < bytes / 2) throw new Error('the reference writes less than half of the bytes');
  }
  const size = Buffer.byteLength(text) / 1e6;
  return faster(
    'export of unchanged records vs JSON.stringify of records in memory',
    { ours, reference },
    '>= 8',
    `${lines.length} of ${own.size - 1} lines, ${size.toFixed(1)} MB at ${(size / (ours / 1000)).toFixed(0)} MB/s; ours finds what ` +
      'stays and reads it from the file as well; neither makes a checksum',
  );
}

/** Bytes of each unit, with the records up to it. */
async function* linesOf(planned: Parameters<typeof asRead.writer>[0]): AsyncGenerator<{ bytes: Uint8Array; records: number }> {
  const writer: UnitWriter = asRead.writer(planned, {}, makeTally());
  for await (const unit of trainingUnits(planned, { branches: false, tasks: 'none', messages: false, lines: true })) {
    const bytes = writer.write(unit);
    if (bytes !== null) yield { bytes, records: writer.records?.() ?? 0 };
  }
}
