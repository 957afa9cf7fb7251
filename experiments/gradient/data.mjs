/**
 * Writes the data of the experiment: node experiments/gradient/data.mjs --out FOLDER [--small]
 *
 * NAME.jsonl      forests as logs of episodes, their token ids cut to the vocabulary in use, for the command line;
 *                 NAME-bare.jsonl the same without log-probs and entropies
 * NAME.rows.jsonl one trajectory a line, `{task, rollout, reward, ids, sampled, truth}`: `sampled` lists [from, to) of sampled
 *                 tokens, `truth` the true next-token distribution [position, ids, probabilities] wherever it is not certain
 * vocabulary.json the o200k_base id of each id in use; tokenizer.json spells them, for models and the command line
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tokenizerOf } from './vocabulary.mjs';
import { generate } from '../../scripts/sample/generate.mjs';
import { candidates } from '../../scripts/sample/policy.mjs';
import { episode, taskKey, totalReward } from '../../scripts/sample/records.mjs';
import { pathTo } from '../../scripts/sample/rollout.mjs';
import { advance, compact, emptyState } from '../../scripts/sample/state.mjs';

/** @typedef {import('../../scripts/sample/rollout.mjs').Played} Played */

const { values } = parseArgs({
  options: { out: { type: 'string', default: '.cache/experiment' }, small: { type: 'boolean', default: false } },
});

/** Seeds are names, so they meet no seed of the bundled sample. `others`: only tasks of other orchards. */
const FULL = {
  s2: { seed: 's2', tasks: 8, rollouts: 16, log: true },
  s4: { seed: 's4', tasks: 8, rollouts: 16, log: true },
  held: { seed: 'held', tasks: 8, rollouts: 64 },
  fresh: { seed: 'fresh', tasks: 8, rollouts: 256 },
  ...Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`other${i}`, { seed: `other-${i}`, tasks: 64, rollouts: 12, others: true }])),
};
const SMALL = {
  small: { seed: 'small', tasks: 4, rollouts: 8, log: true },
  held: { seed: 'held', tasks: 4, rollouts: 16 },
  warm: { seed: 'warm', tasks: 4, rollouts: 16 },
};

/**
 * The true distribution of each sampled token that was not certain: node -> [offset in its ids, ids, probabilities].
 * @param {Played} played
 */
function truths(played) {
  const { world, task } = played.setting;
  /** @type {Map<import('../../scripts/sample/rollout.mjs').Node, [number, number[], number[]][]>} */
  const found = new Map();
  let state = emptyState();
  for (const [at, node] of played.nodes.entries()) {
    if (node.summary) state = compact(state);
    if (!node.sampled) continue;
    let alive = candidates(task, state, node.version);
    /** @type {[number, number[], number[]][]} */
    const list = [];
    for (let depth = 0; depth < node.logprobs.length; depth++) {
      /** @type {Map<number, number>} */
      const weights = new Map();
      let total = 0;
      for (const { ids, weight } of alive) {
        weights.set(ids[depth], (weights.get(ids[depth]) ?? 0) + weight);
        total += weight;
      }
      const drawn = node.ids[node.scaffold + depth];
      const logprob = Math.log((weights.get(drawn) ?? 0) / total);
      if (!(Math.abs(logprob - node.logprobs[depth]) < 1e-9)) throw new Error(`${played.id}: the replayed policy is not the sampled one`);
      if (weights.size > 1) list.push([node.scaffold + depth, [...weights.keys()], [...weights.values()].map((w) => w / total)]);
      if (weights.size > 1) alive = alive.filter(({ ids }) => ids[depth] === drawn);
    }
    found.set(node, list);
    const { calls } = alive[0].utterance;
    const results = [];
    for (const { message } of played.nodes.slice(at + 1)) {
      if (message.role !== 'tool') break;
      results.push({ content: message.content, error: message.is_error === true });
    }
    if (results.length === calls.length) state = advance(task, world, state, calls, results);
  }
  return found;
}

/** o200k_base id -> id in use, in the order in which they are met. @type {Map<number, number>} */
const known = new Map();
/** @type {(ids: readonly number[]) => number[]} */
const cut = (ids) =>
  ids.map((id) => {
    const at = known.get(id) ?? known.size;
    known.set(id, at);
    return at;
  });

/** @type {(number: number) => number} */
const digits = (number) => Number(number.toPrecision(9));

/** @param {Played} played */
function* rows(played) {
  const truth = truths(played);
  for (const leaf of played.leaves) {
    /** @type {number[]} */
    const ids = [];
    const sampled = [];
    const uncertain = [];
    for (const node of pathTo(played.nodes, leaf)) {
      if (node.sampled) sampled.push([ids.length + node.scaffold, ids.length + node.ids.length]);
      for (const [offset, next, probabilities] of truth.get(node) ?? [])
        uncertain.push([ids.length + offset, cut(next), probabilities.map(digits)]);
      ids.push(...cut(node.ids));
    }
    yield { task: `orchard:${taskKey(played)}`, rollout: played.id, reward: totalReward(played), ids, sampled, truth: uncertain };
  }
}

mkdirSync(values.out, { recursive: true });
/** @type {Record<string, { seed: string, tasks: number, rollouts: number, log?: boolean, others?: boolean }>} */
const sets = values.small ? SMALL : FULL;
for (const [name, { log, others, ...size }] of Object.entries(sets)) {
  const lines = [];
  const records = [];
  const bareRecords = [];
  for (const played of generate(size)) {
    if (others && played.setting.taskIndex < 8) continue;
    for (const row of rows(played)) lines.push(JSON.stringify(row));
    if (!log) continue;
    const record = episode(played);
    const nodes = record.traces[0].nodes.map((node) => ({ ...node, token_ids: cut(node.token_ids) }));
    const bare = nodes.map(({ logprobs: _logprobs, entropies: _entropies, ...node }) => node);
    const lineOf = (of) => JSON.stringify({ ...record, tokenizer: 'orchard', traces: [{ ...record.traces[0], nodes: of }] });
    records.push(lineOf(nodes));
    bareRecords.push(lineOf(bare));
  }
  writeFileSync(join(values.out, `${name}.rows.jsonl`), `${lines.join('\n')}\n`);
  if (log) writeFileSync(join(values.out, `${name}.jsonl`), `${records.join('\n')}\n`);
  if (log) writeFileSync(join(values.out, `${name}-bare.jsonl`), `${bareRecords.join('\n')}\n`);
  process.stdout.write(`${name}: ${lines.length} trajectories, ${known.size} ids in use so far\n`);
}
writeFileSync(join(values.out, 'vocabulary.json'), `${JSON.stringify([...known.keys()])}\n`);
writeFileSync(join(values.out, 'tokenizer.json'), `${JSON.stringify(tokenizerOf([...known.keys()]))}\n`);
