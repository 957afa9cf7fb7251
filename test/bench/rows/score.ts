/** Scoring with a language model: what sharing prefixes saves over scoring every trajectory alone, with the bundled model. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NONE } from '../../../src/core/model/kinds.ts';
import type { Forest } from '../../../src/core/model/forest.ts';
import { chooseSketches, SKETCH_LIMITS } from '../../../src/core/gradient/choose.ts';
import { SKETCH_DIM } from '../../../src/core/gradient/sketch.ts';
import { scoreRows as scoreLogits } from '../../../src/core/score/kernel.ts';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import { planScores, type ScoreLimits, type ScorePlan } from '../../../src/core/score/plan.ts';
import { runScores } from '../../../src/core/score/run.ts';
import type { TokenTree } from '../../../src/core/score/token-tree.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import { scoreLimits } from '../../../src/engine/score/limits.ts';
import { loadBundle } from '../../../src/engine/score/model-folder.ts';
import { makeSketchTaker, type SketchTaker } from '../../../src/engine/score/take-sketches.ts';
import { modelFolder, startNodeModel } from '../../../src/platform/node/language-model.ts';
import { datasetAt } from '../dataset.ts';
import { faster, timed, type Row, type Scale } from './row.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const REAL = '../shared/data/nemo-gym-pr/resources_servers/workplace_assistant_env/data/example_rollouts.jsonl';
const REAL_NAME = 'NeMo-Gym workplace log';
const MODEL = 'public/models/espalier-3m';

export async function scoreRows(root: string, scale: Scale): Promise<Row[]> {
  if (!existsSync(join(root, MODEL, 'model.onnx'))) return [];
  const loaded = await loadBundle(modelFolder(join(root, MODEL)), null, () => undefined, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  const model = await startNodeModel(loaded.bundle, 1);
  const limits = scoreLimits(model, loaded.bundle.shape.start);
  const rows: Row[] = [];
  for (const [name, path] of [
    ['sample', SAMPLE],
    [REAL_NAME, REAL],
  ] as const) {
    if (!existsSync(join(root, path))) continue;
    scale.say(`scoring the ${name}, with shared prefixes and trajectory by trajectory`);
    const part = partOf((await datasetAt(join(root, path))).tokens.forest, model.vocabulary, scale.quick ? 4000 : 40_000);
    for (const row of await compare(name, part, model, limits)) rows.push(row);
    rows.push(await sketching(name, part, model, limits, scale));
  }
  rows.push(arithmetic(model.vocabulary, scale));
  await model.dispose();
  return rows;
}

interface Part {
  readonly tree: Forest;
  readonly wanted: Uint8Array;
  /** Each trajectory as a tree of one path. */
  readonly paths: readonly { readonly tree: TokenTree; readonly wanted: Uint8Array }[];
}

/** The first tasks up to `flat` tokens. Ids are folded into the vocabulary: the time of a forward pass does not depend on them. */
function partOf(forest: Forest, vocabulary: number, flat: number): Part {
  const all = wantedTokens(forest, 'sampled');
  const edgeTokens = forest.edgeTokens.map((id) => id % vocabulary);
  const paths: Part['paths'][number][] = [];
  let tasks = 0;
  let tokens = 0;
  while (tasks + 1 < forest.treeStart.length && tokens < flat) {
    for (let k = forest.trajectoryStart[tasks]; k < forest.trajectoryStart[tasks + 1]; k++) {
      const trajectory = forest.trajectoryOrder[k];
      const length = forest.trajectories.tokenCount[trajectory];
      const path = new Int32Array(length);
      const wanted = new Uint8Array(length);
      for (let n = forest.trajectories.leaf[trajectory]; n !== NONE; n = forest.parent[n]) {
        path.set(edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]), forest.depth[n]);
        wanted.set(all.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]), forest.depth[n]);
      }
      tokens += length;
      paths.push({
        wanted,
        tree: {
          length: 1,
          parent: Int32Array.of(NONE),
          subtreeEnd: Int32Array.of(1),
          edgeStart: Int32Array.of(0, length),
          edgeTokens: path,
          depth: new Int32Array(1),
          treeStart: Int32Array.of(0, 1),
        },
      });
    }
    tasks++;
  }
  return { tree: { ...forest, edgeTokens, treeStart: forest.treeStart.subarray(0, tasks + 1) }, wanted: all, paths };
}

async function run(plan: ScorePlan, edgeTokens: Int32Array, model: LanguageModel, taker: SketchTaker | null = null): Promise<void> {
  const outcome = await runScores(plan, edgeTokens, {
    models: [() => Promise.resolve(model)],
    now: () => performance.now() / 1000,
    control: { ready: () => Promise.resolve(), cancelled: false },
    sketch: taker && { dim: SKETCH_DIM, wanted: new Uint8Array(edgeTokens.length).fill(1) },
    onFacts: ({ sketches }) => sketches && taker?.take(sketches),
    onProgress: () => undefined,
  });
  if (!outcome.ok) throw new Error(outcome.reason);
}

/** Scoring with a sketch of every sampled token and node beside scoring without, in turn; the least of each. */
async function sketching(name: string, { tree, wanted }: Part, model: LanguageModel, limits: ScoreLimits, scale: Scale): Promise<Row> {
  const plan = planScores(tree, wanted, limits);
  const choice = chooseSketches(tree, SKETCH_LIMITS);
  let [value, reference, kept] = [Infinity, Infinity, 0];
  for (let round = 0; round < (scale.quick ? 2 : 3); round++) {
    let begun = performance.now();
    await run(plan, tree.edgeTokens, model);
    reference = Math.min(reference, performance.now() - begun);
    const work = { forest: tree, mapped: null, choice, dim: SKETCH_DIM, source: model.sketched, asked: plan.queryTarget, before: null };
    begun = performance.now();
    const taker = makeSketchTaker(work);
    await run(plan, tree.edgeTokens, model, taker);
    kept = taker.rows()?.tokens.of.length ?? 0;
    value = Math.min(value, performance.now() - begun);
  }
  return {
    name: `${name}: scoring with sketches of gradients vs without`,
    value,
    unit: 'ms',
    reference,
    ratio: value / reference,
    goal: '<= 1.3',
    note: `${kept} sketches of ${SKETCH_DIM} numbers, of the ${model.sketched.of}; wasm, 1 thread`,
  };
}

async function compare(name: string, { tree, wanted, paths }: Part, model: LanguageModel, limits: ScoreLimits): Promise<Row[]> {
  const plan = planScores(tree, wanted, limits);
  const alone = paths.map((path) => ({ ...path, plan: planScores(path.tree, path.wanted, limits) }));
  const flat = alone.reduce((sum, path) => sum + path.plan.forwarded, 0);
  let begun = performance.now();
  await run(plan, tree.edgeTokens, model);
  const ours = performance.now() - begun;
  begun = performance.now();
  for (const path of alone) await run(path.plan, path.tree.edgeTokens, model);
  const reference = performance.now() - begun;
  const sharing = flat / plan.forwarded;
  return [
    {
      name: `${name}: tokens forwarded vs distinct tokens needed`,
      value: plan.forwarded,
      unit: 'tokens',
      reference: plan.distinct,
      ratio: plan.forwarded / plan.distinct,
      goal: '<= 1.11, a tenth twice',
      note: `${plan.reanchored} repeated at window starts; trajectory by trajectory: ${flat}`,
    },
    faster(
      `${name}: scoring with shared prefixes vs every trajectory alone`,
      { ours, reference },
      `>= ${(0.9 * sharing).toFixed(2)}`,
      `0.9 x ${sharing.toFixed(2)}, the tokens that sharing saves; ${Math.round((plan.forwarded / ours) * 1000)} tokens/s, wasm, 1 thread`,
    ),
  ];
}

/** What entropy costs beside the forward pass where there is no GPU: one pass over the logits in float64. */
function arithmetic(vocabulary: number, scale: Scale): Row {
  const count = scale.quick ? 64 : 256;
  const logits = Float32Array.from({ length: count * vocabulary }, (_, i) => 8 * Math.sin(i * 0.7) * Math.cos(i * 0.013));
  const at = Int32Array.from({ length: count }, (_, i) => i);
  const ours = timed(() => scoreLogits(logits, vocabulary, at, at)).ms;
  const reference = timed(() => at.map((row) => softmaxEntropy(logits.subarray(row * vocabulary, (row + 1) * vocabulary)))).ms;
  return faster(
    'entropy of logits in JavaScript vs softmax, then sum of p log p',
    { ours, reference },
    '>= 1',
    `${count} rows of ${vocabulary}`,
  );
}

function softmaxEntropy(row: Float32Array): number {
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const mass = Float64Array.from(row, (z) => Math.exp(z - most));
  const sum = mass.reduce((a, b) => a + b, 0);
  return mass.reduce((h, m) => (m === 0 ? h : h - (m / sum) * Math.log(m / sum)), 0);
}
