/**
 * `npm run reliability`: runs every test that proves a fault or a bound, and writes docs/reliability.md from what they saw. With
 * `--report FILE`: from a report of the whole suite that was just made. `--check`: fails where the file differs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './setup.mjs';

const PARTS = ['Input', 'Output', 'Numbers', 'Bounds', 'Watchdog', 'Page and server', 'Faults', 'Supply chain'];
const TARGET = join(ROOT, 'docs/reliability.md');

/** Test files that record what they saw. */
function provingFiles() {
  return readdirSync(join(ROOT, 'test'), { recursive: true })
    .map((name) => join('test', name))
    .filter((name) => /\.test\.tsx?$/.test(name) && /helpers\/proven\.ts/.test(readFileSync(join(ROOT, name), 'utf8')));
}

function run() {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/test.mjs'), ...provingFiles()], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('tests failed: nothing is written');
  return join(ROOT, '.cache/test-report.json');
}

/** The text of docs/reliability.md, from a JSON report of Vitest. */
function reliabilityDoc(report) {
  const rows = new Map(PARTS.map((part) => [part, []]));
  for (const file of report.testResults)
    for (const test of file.assertionResults)
      for (const { part, fault, happened } of test.meta?.proven ?? []) {
        const end = test.status === 'passed' ? happened : `**${test.status}**`;
        rows.get(part).push([fault, end, relative(ROOT, file.name)]);
      }
  const sections = PARTS.filter((part) => rows.get(part).length > 0).map((part) => {
    const lines = rows.get(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return [`## ${part}`, '', '| What was done | What happened | Test |', '|---|---|---|', ...lines.map(row)].join('\n');
  });
  return [
    '# Reliability',
    '<!-- Made by `npm run reliability` from what the tests saw; not edited by hand. -->',
    'Every fault and bound that a test brings about, and what happened. Each figure is from the run that made this file.',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

const given = process.argv.indexOf('--report');
const path = given < 0 ? run() : process.argv[given + 1];
const text = reliabilityDoc(JSON.parse(readFileSync(path, 'utf8')));
if (process.argv.includes('--check')) process.exit(readFileSync(TARGET, 'utf8') === text ? 0 : 1);
writeFileSync(TARGET, text);
