/**
 * The whole experiment: npm run experiment [-- --small] [--work FOLDER] [--python PATH]
 *
 * Makes a virtual environment where none is named, writes the data, trains the policies, scores the forests with them by the
 * command line, lets the product choose, judges by exact gradients, trains on what was chosen, and writes tables and figures.
 * Two lanes of work run side by side. What is already in the working folder is not made again.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../..');
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    work: { type: 'string' },
    python: { type: 'string' },
    lanes: { type: 'string', default: '2' },
  },
});
const work = resolve(values.work ?? join(root, '.cache', values.small ? 'miniature' : 'experiment'));
const results = join(work, 'results');
const venv = join(root, '.cache', 'experiment-venv');
const python = values.python ?? process.env['ESPALIER_PYTHON'] ?? join(venv, 'bin', 'python');
const started = performance.now();

/** Runs a program to its end; rejects where it fails. */
function run(program, ...args) {
  process.stdout.write(`[${Math.round((performance.now() - started) / 1000)} s] ${args.slice(0, 3).join(' ')}\n`);
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', failed);
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${args.slice(0, 2).join(' ')} ended with ${code}`))));
  });
}

/** Runs what makes a file, unless it is there. */
const unless = async (path, make) => {
  if (!existsSync(path)) await make();
};
const py = (script, ...args) => run(python, join(here, script), ...args);
const node = (script, ...args) => run(process.execPath, script, ...args);
const at = (name) => join(work, name);
const size = values.small ? ['--small'] : [];

const policies = values.small ? ['A'] : ['A', 'C', 'B'];
const forests = values.small ? ['small'] : ['s2', 's4'];
/** B lies between A and C: it is judged on the first forest alone. */
const pairs = forests.flatMap((forest) => policies.filter((policy) => policy !== 'B' || forest === 's2').map((policy) => [policy, forest]));

/** Scores of a forest by a policy, once. */
async function scored([policy, forest]) {
  const scores = at(`${forest}-${policy}.scores`);
  const asked = ['--model', at(`model-${policy}`), '--tokens', 'sampled', '--threads', '1', '--tokenizer', at('tokenizer.json')];
  await unless(scores, () => node('bin/espalier.mjs', 'score', at(`${forest}.jsonl`), ...asked, '--out', scores));
  return scores;
}

/** What the product selects by a plan, once; the name of the files. */
async function selected([policy, forest], plan) {
  const scores = await scored([policy, forest]);
  const chosen = at(`${forest}-${policy}-${plan}`);
  const log = ['--log', at(`${forest}.jsonl`), '--rows', at(`${forest}.rows.jsonl`), '--tokenizer', at('tokenizer.json')];
  const asked = [...log, '--scores', scores, '--plan', at(`plan-${plan}.json`), '--out', chosen];
  await unless(`${chosen}.json`, () => node(join(here, 'select.mjs'), ...asked));
  return ['--work', work, '--policy', policy, '--forest', forest, '--plan', at(`plan-${plan}.json`), '--selected', chosen];
}

async function judge([policy, forest]) {
  const asked = await selected([policy, forest], forest === 's2' && policy !== 'B' ? 'all' : 'few');
  const out = join(results, `${forest}-${policy}.json`);
  await unless(out, () => py('measure.py', ...asked, '--out', out));
}

async function train([mode, policy]) {
  const asked = await selected([policy, 's2'], 'downstream');
  await py('downstream.py', ...asked, '--mode', mode, '--out', join(results, `downstream-${mode}.json`));
}

/** Does the jobs in order, `lanes` at a time. */
async function inLanes(jobs, lanes) {
  const queue = [...jobs];
  const lane = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

mkdirSync(work, { recursive: true });
mkdirSync(results, { recursive: true });
await unless(python, async () => {
  await run('python3', '-m', 'venv', venv);
  await run(python, '-m', 'pip', 'install', '--quiet', '--requirement', join(here, 'requirements.txt'));
});
await py('check.py');
await unless(at('vocabulary.json'), () => node(join(here, 'data.mjs'), '--out', work, ...size));
await py('train.py', '--work', work, ...size);
await py('export.py', '--work', work, ...policies);
for (const kind of ['all', 'few', 'downstream']) await py('plan.py', '--kind', kind, '--out', at(`plan-${kind}.json`));
// Builds the command line before two lanes ask for it.
await node('bin/espalier.mjs', '--help');
const lanes = Number(values.lanes);
await inLanes(
  pairs.map((pair) => () => judge(pair)),
  lanes,
);
if (!values.small) {
  await inLanes(
    [
      ['sft', 'A'],
      ['rl', 'C'],
    ].map((job) => () => train(job)),
    lanes,
  );
  for (const name of readdirSync(results)) copyFileSync(join(results, name), join(here, 'results', name));
  await py('report.py');
}
process.stdout.write(`[${Math.round((performance.now() - started) / 1000)} s] done\n`);
