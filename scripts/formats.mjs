/** `npm run formats`: opens every fixture and, where they lie beside this repository, real logs; writes docs/formats-seen.md. */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, ROOT } from './setup.mjs';

ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/formats/seen.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ESPALIER_FORMATS: 'write' },
  },
);
process.exitCode = status ?? 1;
