/** `npm run axes`: guesses tags of the labelled tasks of real logs, which lie beside this repository; writes docs/axes.md. */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, ROOT } from './setup.mjs';

ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/engine/coverage/axes-doc.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ESPALIER_AXES: 'write' },
  },
);
process.exitCode = status ?? 1;
