/**
 * Lets the product choose: node experiments/gradient/select.mjs --log s2.jsonl --rows s2.rows.jsonl --tokenizer tokenizer.json
 *   [--scores FILE] --plan plan.json --out NAME
 *
 * Opens the log with the library that the command line is written on, applies each rule and budget of the plan
 * `[{rule, cut, train, weights, bare, …}]` (`bare`: to LOG-bare.jsonl), exports tokens.jsonl to memory and reads the records as a
 * trainer would.
 * NAME.f32: a row of weights for each entry, one for each distinct token of the rows, in the order in which they are met.
 * NAME.json: the figures that the product gives with each, and the node of each distinct token (−1: never sampled).
 */
import { existsSync, readFileSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { basename, dirname, join, resolve } from 'node:path';
import { ensureCommandLine } from '../../scripts/setup.mjs';

const { values } = parseArgs({
  options: Object.fromEntries(['log', 'rows', 'tokenizer', 'scores', 'plan', 'out'].map((name) => [name, { type: 'string' }])),
});
ensureCommandLine();
const { open, rule } = await import('../../dist-cli/api.mjs');

const lines = (text) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Distinct tokens of the rows, numbered in the order in which they are met; a tree per task. */
const roots = new Map();
let size = 0;
function step(children, id) {
  let next = children.get(id);
  if (next === undefined) children.set(id, (next = { number: size++, below: new Map() }));
  return next;
}
const rootOf = (task) => roots.get(task) ?? roots.set(task, new Map()).get(task);
for (const { task, ids } of lines(readFileSync(values.rows, 'utf8'))) {
  let children = rootOf(task);
  for (const id of ids) children = step(children, id).below;
}
const distinct = size;

/** A sink in memory: file name -> text. */
function memory() {
  const files = new Map();
  return {
    files,
    open: async (name) => {
      const pieces = [];
      return {
        write: async (bytes) => void pieces.push(Buffer.from(bytes)),
        close: async () => void files.set(name, Buffer.concat(pieces).toString('utf8')),
      };
    },
  };
}

async function exported(pruned, profile, weights) {
  const sink = memory();
  await pruned.export(sink, { profiles: [{ profile }], ...(weights === undefined ? {} : { weights }) });
  return { records: lines(sink.files.get(`${profile}.jsonl`) ?? ''), manifest: JSON.parse(sink.files.get('manifest.json')) };
}

/** What a trainer would do with the records: weight, times the advantage for RL, on every token that carries loss. */
function tokenWeights(records, mode) {
  const found = new Float32Array(distinct);
  for (const { task, input_ids, loss_mask, weight, advantage } of records) {
    let children = rootOf(task);
    for (const [i, id] of input_ids.entries()) {
      const at = step(children, id);
      if (loss_mask[i]) found[at.number] += weight[i] * (mode === 'rl' ? (advantage?.[i] ?? NaN) : 1);
      children = at.below;
    }
  }
  if (size !== distinct) throw new Error('the export has a token that the rows do not have');
  return found;
}

/** The product's node of each distinct token, from the whole tree as it exports it. */
async function nodesOf(dataset) {
  const nodes = new Array(distinct).fill(-1);
  const { records } = await exported(dataset.prune(rule(), { cut: 1, train: 1 }), 'forest');
  let count = 0;
  for (const { task, parent, token_ids, sampled_count } of records) {
    const ends = [];
    parent.forEach((above, n) => {
      let children = above < 0 ? rootOf(task) : ends[above];
      for (const id of token_ids[n]) {
        const at = step(children, id);
        if (sampled_count[n] > 0) nodes[at.number] = count;
        children = at.below;
      }
      ends[n] = children;
      if (sampled_count[n] > 0) count++;
    });
  }
  return { nodes, count };
}

const json = readFileSync(values.tokenizer, 'utf8');
const beside = join(dirname(values.tokenizer), 'tokenizer_config.json');
const config = existsSync(beside) ? { config: readFileSync(beside, 'utf8') } : {};
const tokenizer = { kind: 'huggingface', name: basename(dirname(resolve(values.tokenizer))), json, ...config };
async function opened(log) {
  const dataset = await open(log, { tokenizer });
  if (values.scores !== undefined) {
    const restored = await dataset.score.restore(new Uint8Array(readFileSync(values.scores)));
    if (restored && 'reason' in restored) throw new Error(restored.reason);
  }
  return dataset;
}
const dataset = await opened(values.log);
/** Where the entropy is to be the model's own. */
const bareLog = values.log.replace(/\.jsonl$/, '-bare.jsonl');
const bare = existsSync(bareLog) ? await opened(bareLog) : dataset;
const plan = JSON.parse(readFileSync(values.plan, 'utf8'));
const out = openSync(`${values.out}.f32`, 'w');
const figures = [];
for (const entry of plan) {
  let pruned;
  try {
    pruned = (entry.bare ? bare : dataset).prune(rule(entry.rule), { cut: entry.cut, train: entry.train });
  } catch (error) {
    // A rule that this version does not have is said in the results, and judged by nobody.
    figures.push({ refused: error instanceof Error ? error.message : String(error) });
    writeSync(out, new Float32Array(distinct));
    continue;
  }
  const { records, manifest } = await exported(pruned, 'tokens', entry.weights);
  writeSync(out, tokenWeights(records, entry.rule.mode));
  const { signal, distinct: forward, training, finals, rollouts } = pruned.figures;
  const meter = manifest.fidelity.gradient;
  figures.push({
    retained: signal.kept / signal.total,
    certificate: signal.kept / signal.bound,
    forward: forward.after,
    trained: training.after,
    endings: finals.after,
    whole: rollouts.whole,
    records: records.length,
    meter: meter?.cosine ?? null,
    meterNorm: meter?.norm_ratio ?? null,
    meterInterval: meter?.cosine_interval ?? null,
    effective: manifest.fidelity.effective_tokens.after,
  });
}
closeSync(out);
writeFileSync(`${values.out}.json`, `${JSON.stringify({ tokens: distinct, ...(await nodesOf(dataset)), figures })}\n`);
await dataset.close();
if (bare !== dataset) await bare.close();
