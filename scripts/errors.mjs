/**
 * `npm run errors`: writes the figures of docs/errors.md from the labels and what the rules hit in the real logs beside this
 * repository. `-- --draw` makes the seeded draw again and holds it against the labels: only with the rules that it was drawn by.
 * `-- --sheet` writes what a reader of the turns is shown to .cache/errors-sheet.txt.
 */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, ROOT } from './setup.mjs';

ensureInstalled();
const mode = ['draw', 'sheet'].find((each) => process.argv.includes(`--${each}`)) ?? 'write';
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/core/errors/labels.test.ts'],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ESPALIER_ERRORS: mode } },
);
process.exitCode = status ?? 1;
