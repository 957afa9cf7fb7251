/**
 * `npm run bench [-- --quick] [-- --only=open,tree]`: every figure with its reference from the same run, as a table and
 * as bench-results.json. `npm run bench:browser` builds the page and measures it alone; of that, `--log=million` takes the logs whose
 * name has the word, and `--profiles=folder` writes what the longest tasks did. `--write` puts the figures of the sections that are run
 * into docs/measured.json, docs/measured.md and the README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { exportRows } from './rows/export.ts';
import { importanceRows } from './rows/importance.ts';
import { kernelRows } from './rows/kernel.ts';
import { layoutRows } from './rows/layout.ts';
import { lentRows } from './rows/lent.ts';
import { openRows } from './rows/open.ts';
import { packRows } from './rows/pack.ts';
import { pageRows } from './rows/page.ts';
import { qualityRows } from './rows/quality.ts';
import type { Row, Scale } from './rows/row.ts';
import { nativeRows } from './rows/native.ts';
import { scoreRows } from './rows/score.ts';
import { meterRows } from './rows/meter.ts';
import { ruleChangeRows } from './rows/rule-change.ts';
import { sliderRows } from './rows/slider.ts';
import { tokenizerRows } from './rows/tokenizer.ts';
import { trainRows } from './rows/train.ts';
import { treeRows } from './rows/tree.ts';
import { measuredDocument, merge, readmeWithMeasured, type Measurement } from './measured.ts';
import { table } from './table.ts';

const root = process.cwd();
const scratch = join(root, '.cache/bench-data');
const quick = process.argv.includes('--quick');
const option = (name: string): string | null =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
const only = option('only')?.split(',');
const chromium = process.env['ESPALIER_CHROMIUM'] ?? null;
const scale: Scale = { quick, runs: quick ? 1 : 3, say: (text) => process.stderr.write(`${text}\n`) };

const SECTIONS: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  open: () => openRows(root, scratch, scale),
  tokenizer: () => tokenizerRows(root, scratch, scale),
  tree: () => treeRows(root, scratch, scale),
  slider: async () => [...sliderRows(scale), ...(await ruleChangeRows(scratch, scale))],
  meter: () => meterRows(scale),
  train: () => trainRows(scale),
  quality: () => qualityRows(scale),
  layout: () => layoutRows(scale),
  export: () => exportRows(scratch, scale),
  pack: () => packRows(scale),
  page: () => pageRows(root, scratch, chromium, { wanted: option('log'), profiles: option('profiles') }, scale),
  score: async () => [
    ...(await scoreRows(root, scale)),
    ...(await kernelRows(root, chromium, scale)),
    ...(await importanceRows(root, chromium, scale)),
  ],
  native: () => nativeRows(root, scale),
  lent: () => lentRows(root, scratch, chromium, scale),
};

const rows: Row[] = [];
const bySection: Record<string, readonly Row[]> = {};
for (const [name, section] of Object.entries(SECTIONS)) {
  if (only && !only.includes(name)) continue;
  const found = (bySection[name] = await section());
  for (const row of found) rows.push(row);
}
const results = rows.map(({ name, value, unit, reference, ratio }) => ({ name, value, unit, reference, ratio }));
writeFileSync(join(root, 'bench-results.json'), `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(table(rows));
if (process.argv.includes('--write')) {
  const path = (name: string): string => join(root, name);
  const before = JSON.parse(readFileSync(path('docs/measured.json'), 'utf8')) as Measurement;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`;
  const measurement = merge(before, bySection, { on: new Date().toISOString().slice(0, 10), machine });
  writeFileSync(path('docs/measured.json'), `${JSON.stringify(measurement, null, 1)}\n`);
  writeFileSync(path('docs/measured.md'), measuredDocument(measurement));
  writeFileSync(path('README.md'), readmeWithMeasured(readFileSync(path('README.md'), 'utf8'), measurement));
}
