/**
 * `npm run test:trainers [-- --install fast|all|NAME,…] [--only-install] [arguments of vitest]`: exports read by the trainers
 * themselves. Without --install it uses the environments that are there; tests without theirs are skipped and say so.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, ROOT } from './setup.mjs';
import { ensureEnvironment, environmentNames } from './trainer-environments.mjs';

const rest = process.argv.slice(2);

/** Takes an option out of the arguments; the others are vitest's. */
function taken(option, values) {
  const at = rest.indexOf(option);
  return at < 0 ? null : rest.splice(at, 1 + values)[values];
}

const onlyInstall = taken('--only-install', 0) !== null;
const asked = taken('--install', 1);
let failed = 0;
for (const name of asked === null ? [] : environmentNames(asked)) {
  const started = performance.now();
  const fault = ensureEnvironment(name);
  if (fault !== null) failed++;
  process.stderr.write(`${name}: ${fault ?? `ready after ${Math.round((performance.now() - started) / 1000)} s`}\n`);
}
if (onlyInstall) process.exit(failed === 0 ? 0 : 1);
ensureInstalled();
const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'trainers', ...rest];
const { status } = spawnSync(process.execPath, vitest, { cwd: ROOT, stdio: 'inherit' });
process.exit(status === 0 && failed > 0 ? 1 : (status ?? 1));
