/**
 * A real log for the experiment: node experiments/gradient/real.mjs --log tau-bench.json --out FOLDER [--context 256]
 *
 * Of the tasks of a tau-bench log whose rollouts differ in reward, takes the eight with the least text. Writes tau.jsonl, the
 * product's own trajectories of it in the bundled model's tokens as tau.rows.jsonl, and the bundled model with a shorter context.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureCommandLine } from '../../scripts/setup.mjs';

const { values } = parseArgs({
  options: { log: { type: 'string' }, out: { type: 'string', default: '.cache/experiment' }, context: { type: 'string', default: '256' } },
});
const TASKS = 8;
ensureCommandLine();
const { open, rule } = await import('../../dist-cli/api.mjs');

/** @type {Map<unknown, { reward: number }[]>} */
const tasks = new Map();
for (const record of JSON.parse(readFileSync(values.log, 'utf8')))
  tasks.set(record.task_id, [...(tasks.get(record.task_id) ?? []), record]);
const chosen = [...tasks.values()]
  .filter((rollouts) => new Set(rollouts.map(({ reward }) => reward)).size > 1)
  .map((rollouts) => ({ rollouts, size: JSON.stringify(rollouts).length }))
  .toSorted((a, b) => a.size - b.size)
  .slice(0, TASKS)
  .flatMap(({ rollouts }) => rollouts);
mkdirSync(values.out, { recursive: true });
const log = join(values.out, 'tau.jsonl');
writeFileSync(log, `${chosen.map((record) => JSON.stringify(record)).join('\n')}\n`);

const bundled = fileURLToPath(new URL('../../public/models/espalier-3m/', import.meta.url));
const folder = join(values.out, 'model-bundled');
mkdirSync(folder, { recursive: true });
for (const name of ['model.onnx', 'tokenizer.json', 'tokenizer_config.json']) copyFileSync(join(bundled, name), join(folder, name));
const config = JSON.parse(readFileSync(join(bundled, 'config.json'), 'utf8'));
writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, max_position_embeddings: Number(values.context) }));

const [json, tokenizerConfig] = ['tokenizer.json', 'tokenizer_config.json'].map((name) => readFileSync(join(folder, name), 'utf8'));
const dataset = await open(log, { tokenizer: { kind: 'huggingface', name: 'model-bundled', json, config: tokenizerConfig } });
/** @type {Buffer[]} */
const pieces = [];
const sink = {
  open: async (name) => ({
    write: async (bytes) => void (name === 'forest.jsonl' && pieces.push(Buffer.from(bytes))),
    close: async () => {},
  }),
};
await dataset.prune(rule(), { cut: 1, train: 1 }).export(sink, { profiles: [{ profile: 'forest' }] });
const lines = [];
for (const line of Buffer.concat(pieces).toString('utf8').trim().split('\n')) {
  const { task, parent, token_ids, sampled_count, trajectories } = JSON.parse(line);
  for (const { rollout, leaf, reward } of trajectories) {
    const path = [];
    for (let n = leaf; n >= 0; n = parent[n]) path.unshift(n);
    const ids = [];
    const sampled = [];
    for (const n of path) {
      if (sampled_count[n] > 0) sampled.push([ids.length, ids.length + token_ids[n].length]);
      ids.push(...token_ids[n]);
    }
    lines.push(JSON.stringify({ task, rollout, reward, ids, sampled, truth: [] }));
  }
}
writeFileSync(join(values.out, 'tau.rows.jsonl'), `${lines.join('\n')}\n`);
process.stdout.write(`${chosen.length} rollouts, ${lines.length} trajectories\n`);
await dataset.close();
