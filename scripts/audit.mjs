/**
 * `npm run audit`: known weaknesses of locked packages, from the registry. Fails on a high or critical one. Where the registry gives
 * no answer (no network, a mirror without advisories) it says so and does not fail: nothing was found out.
 */
import { spawnSync } from 'node:child_process';
import { ROOT } from './setup.mjs';

const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
let answer = {};
try {
  answer = JSON.parse(stdout);
} catch {
  // No answer, said below.
}
const counts = answer.metadata?.vulnerabilities;
if (counts === undefined) {
  process.stdout.write(`audit: not done, the registry gave no answer (${answer.error?.code ?? answer.message ?? 'no reason given'})\n`);
  process.exit(0);
}
const named = Object.values(answer.vulnerabilities ?? {}).map(({ name, severity, range }) => `  ${severity}: ${name} ${range}`);
const levels = Object.entries(counts).map(([level, count]) => `${level} ${count}`);
process.stdout.write(`audit: ${levels.join(', ')}\n${named.join('\n')}${named.length > 0 ? '\n' : ''}`);
process.exit(counts.high + counts.critical > 0 ? 1 : 0);
