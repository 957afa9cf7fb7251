/**
 * A real log for the experiment: node experiments/gradient/real.mjs --log tau-bench.json --out FOLDER [--context 256]
 *
 * Of the tasks of a tau-bench log whose rollouts differ in reward, takes the eight with the least text. Writes the product's own
 * trajectories of them in the bundled model's tokens, as tau.rows.jsonl and as tau.jsonl, a log of token ids; and the bundled model
 * with a shorter context.
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
await dataset.close();

/** Without a chat template the product marks messages with ids of its own: here they get those that the model was trained with. */
const MARKS = { 200264: '<|im_start|>', 200265: '<|im_end|>', 200266: '\n' };
const { model, added_tokens } = JSON.parse(json);
const idOf = new Map([...Object.entries(model.vocab), ...added_tokens.map(({ content, id }) => [content, id])]);
const known = (id) => (MARKS[id] === undefined ? id : idOf.get(MARKS[id] === '\n' ? '\u010a' : MARKS[id]));
const START = 200264;

const rows = [];
const episodes = [];
for (const line of Buffer.concat(pieces).toString('utf8').trim().split('\n')) {
  const { task, parent, token_ids, sampled_count, trajectories } = JSON.parse(line);
  for (const [k, { leaf, reward }] of trajectories.entries()) {
    const path = [];
    for (let n = leaf; n >= 0; n = parent[n]) path.unshift(n);
    const rollout = `${task}-${k}`;
    const ids = path.flatMap((n) => token_ids[n]);
    const mask = path.flatMap((n) => token_ids[n].map(() => sampled_count[n] > 0));
    const starts = ids.flatMap((id, i) => (id === START ? [i] : []));
    const nodes = starts.map((from, m) => {
      const to = starts[m + 1] ?? ids.length;
      const sampled = mask.slice(from, to).includes(true);
      const message = { role: sampled ? 'assistant' : m === 0 ? 'system' : 'user', content: `message ${m}` };
      const own = { token_ids: ids.slice(from, to).map(known), mask: mask.slice(from, to), is_content: mask.slice(from, to) };
      return { ...(m === 0 ? {} : { parent: m - 1 }), message, sampled, ...own };
    });
    const rewards = { correct: { score: reward, weight: 1 } };
    const trace = { version: 1, id: `${rollout}-0`, agent: { name: 'agent', trainable: true }, tools: [], nodes, rewards };
    episodes.push(
      JSON.stringify({
        id: rollout,
        tokenizer: 'bundled',
        env: { id: 'tau', name: 'tau' },
        task: { type: 'tau', key: task, data: {} },
        group: { id: task },
        ok: true,
        errors: [],
        traces: [{ ...trace, metrics: {}, is_completed: true, ok: true, stop_condition: 'answered', errors: [] }],
      }),
    );
    const sampled = [];
    mask.forEach((is, i) => {
      if (is && !mask[i - 1]) sampled.push([i, i + 1]);
      else if (is) sampled[sampled.length - 1][1] = i + 1;
    });
    rows.push(JSON.stringify({ task: `tau:${task}`, rollout, reward, ids: ids.map(known), sampled, truth: [] }));
  }
}
writeFileSync(log, `${episodes.join('\n')}\n`);
writeFileSync(join(values.out, 'tau.rows.jsonl'), `${rows.join('\n')}\n`);
process.stdout.write(`${chosen.length} rollouts, ${rows.length} trajectories\n`);
