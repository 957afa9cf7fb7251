/** `npm test`: unit, browser and end-to-end tests in one run, with the sums of all on the last line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { ensureCommandLine, ensureDeclarations, ensureInstalled, ensurePage, ROOT } from './setup.mjs';

ensureInstalled();
ensurePage();
ensureCommandLine();
ensureDeclarations();
const chromium = await findChromium();
const report = join(ROOT, '.cache/test-report.json');
mkdirSync(join(ROOT, '.cache'), { recursive: true });
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ESPALIER_CHROMIUM: chromium } },
);
let totals = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
try {
  totals = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  process.stderr.write('the test run ended without a report\n');
}
// A file that cannot even be loaded has no failed test of its own, and must count as one.
const broken = totals.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
process.stdout.write(
  `${totals.numPassedTests} passed, ${totals.numFailedTests + broken} failed, ${totals.numPendingTests + totals.numTodoTests} skipped\n`,
);
process.exit(status ?? 1);
