/** Writing token records, and lines as they were read: the export's own path against JSON.stringify of ready-made records. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText } from '../../../src/core/export/json-text.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { planExport } from '../../../src/engine/export/plan.ts';
import type { PlannedExport } from '../../../src/engine/export/planned.ts';
import type { UnitWriter } from '../../../src/engine/export/profile.ts';
import { tokens } from '../../../src/engine/export/profiles/tokens.ts';
import { makeTally } from '../../../src/engine/export/tally.ts';
import { trainingUnits } from '../../../src/engine/export/units.ts';
import { makeReadBack } from '../../../src/engine/read-back.ts';
import { applyBudget, makeRuling } from '../../../src/engine/ruling.ts';
import { o200k } from '../../../src/engine/tokenizers/o200k.ts';
import { datasetAt } from '../dataset.ts';
import { writeTokenLog } from '../data/token-log.ts';
import { asReadRow } from './as-read.ts';
import { expectEqual, faster, type Row, type Scale } from './row.ts';

const FLOATS = { weight: 'float', advantage: 'float', logprob: 'float' } as const;
const WARM_UP = 3;
/** For each run of the benchmark. */
const ROUNDS = 5;

export async function exportRows(scratch: string, scale: Scale): Promise<Row[]> {
  mkdirSync(scratch, { recursive: true });
  const path = join(scratch, 'export.jsonl');
  writeTokenLog(path, scale.quick ? 2e6 : 20e6, 3);
  scale.say('exporting token records');
  const dataset = await datasetAt(path);
  const ruling = makeRuling(dataset, DEFAULT_RULE, 1, null);
  const planned = planExport({
    ruling,
    keep: applyBudget(ruling, { cut: 1, train: 1 }),
    spec: { profiles: [], weights: 'branch-mean', maskErrors: true },
    readBack: makeReadBack(dataset, undefined),
    opened: DEFAULT_OPEN_SETTINGS,
    tokenizer: o200k(),
    template: null,
  });
  const lines: string[] = [];
  for await (const line of tokenLines(planned)) lines.push(new TextDecoder().decode(line));
  const records = lines.map((line) => JSON.parse(line) as unknown);
  // JSON.stringify writes whole floats without a point.
  const decimalPoints = records.reduce<number>((sum, record) => sum + jsonText(record, FLOATS).length - JSON.stringify(record).length, 0);
  let ours = Infinity;
  let reference = Infinity;
  let bytes = 0;
  // Both sides are small beside what compiling them takes: some rounds go by before any counts.
  for (let run = -WARM_UP; run < scale.runs * ROUNDS; run++) {
    if (run === 0) ours = reference = Infinity;
    if (run < 0) globalThis.gc?.();
    let begun = performance.now();
    bytes = 0;
    for await (const line of tokenLines(planned)) bytes += line.length;
    ours = Math.min(ours, performance.now() - begun);
    begun = performance.now();
    let plain = 0;
    for (const record of records) plain += JSON.stringify(record).length + 1;
    reference = Math.min(reference, performance.now() - begun);
    expectEqual('bytes of ASCII, but for decimal points', bytes - plain, decimalPoints);
  }
  return [
    await asReadRow(scratch, scale),
    faster(
      'export of token records vs JSON.stringify of records in memory',
      { ours, reference },
      '>= 5',
      `${lines.length} records, ${(bytes / 1e6).toFixed(1)} MB; ours makes the records from the forest as well`,
    ),
  ];
}

async function* tokenLines(planned: PlannedExport): AsyncGenerator<Uint8Array> {
  const writer: UnitWriter = tokens.writer(planned, {}, makeTally());
  for await (const unit of trainingUnits(planned, { branches: true, tasks: 'none', messages: false })) {
    const line = writer.write(unit);
    if (line !== null) yield line;
  }
}
