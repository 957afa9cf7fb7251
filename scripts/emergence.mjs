/** `npm run emergence`: asks the bundled sample and, where they lie beside this repository, two real logs; writes docs/emergence.md. */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, ROOT } from './setup.mjs';

ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/engine/studies/emergence-docs.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ESPALIER_EMERGENCE: 'write' },
  },
);
process.exitCode = status ?? 1;
