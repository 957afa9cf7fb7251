/** Node importance in two ways, and how far they are apart: shared by the tests in Node, in the browser and the benchmark. */
import { NONE } from '../../src/core/model/kinds.ts';
import type { Forest } from '../../src/core/model/forest.ts';
import type { PruneRule } from '../../src/core/model/rule.ts';
import { importanceGraph, OUTPUT_ROWS } from '../../src/core/signal/importance-graph.ts';
import { entropyColumns, graphShape, ruleColumns, structureColumns, type GraphColumns } from '../../src/core/signal/importance-inputs.ts';
import { columnError, columnScales } from '../../src/core/signal/importance-output.ts';
import { policyReach } from '../../src/core/signal/reach.ts';
import { makeRandom } from '../../src/core/prune/seeded.ts';
import { sampledEntropy, scoreNodes } from '../../src/core/signal/score.ts';
import { trajectoriesThrough } from '../../src/core/tree/navigate.ts';
import { hasSampled } from '../../src/core/tree/sampled.ts';
import { writeOnnx } from '../../src/engine/score/onnx-writer.ts';
import { forestOf, rolloutTree } from '../bench/data/forests.ts';

/** The graph as an ONNX file, and its inputs. */
export function importanceWork(
  forest: Forest,
  rule: PruneRule,
): { readonly onnx: Uint8Array<ArrayBuffer>; readonly columns: GraphColumns } {
  const structure = structureColumns(forest);
  const shape = graphShape(rule.aggregate, structure);
  if (shape === null) throw new Error(`no graph for ${rule.aggregate}`);
  const { taskWeight } = scoreNodes(forest, rule);
  const reach = rule.reachBy === 'policy' ? policyReach(forest) : null;
  return {
    onnx: writeOnnx(importanceGraph(shape)),
    columns: { ...structure.columns, ...entropyColumns(forest, null), ...ruleColumns(forest, rule, structure, reach, taskWeight) },
  };
}

/** row -> largest |graph − typed| ÷ |typed|, see `columnError` */
export function importanceErrors(forest: Forest, rule: PruneRule, scores: Float32Array): Record<string, number> {
  const typed = scoreNodes(forest, rule);
  const h = sampledEntropy(forest, rule.aggregate, typed.entropy);
  const counts = (t: number, n: number): boolean =>
    !Number.isNaN(typed.trajectoryAdvantage[t]) && (forest.sampledCount[n] === 0 || hasSampled(forest, t, n));
  const known = Float64Array.from({ length: forest.length }, (_, n) => trajectoriesThrough(forest, n).filter((t) => counts(t, n)).length);
  const expected = [h, typed.lte, typed.reach, typed.meanAdvantage.map((value) => value || 0), known, typed.signal, typed.importance];
  const scales: Partial<Record<string, number>> = columnScales(
    typed,
    typed.taskWeight,
    rule.mode === 'rl' && typed.hasAdvantage ? typed.trajectoryAdvantage : null,
  );
  return Object.fromEntries(
    OUTPUT_ROWS.map((name, r) => [
      name,
      columnError(expected[r] ?? new Float64Array(0), scores.subarray(r * forest.length, (r + 1) * forest.length), scales[name]),
    ]),
  );
}

/** `rolloutTree` with logged entropies (a fifth of the tokens far less certain) and rewards of 0 and 1. */
export function scoredForest(nodes: number, rollouts: number, turns: readonly [number, number], scale: number): Forest {
  return withFigures(forestOf(rolloutTree(nodes, rollouts, turns, scale, nodes)));
}

/** A root with `children` children of one sampled node each, the deepest case of one node that all write to. */
export function hubForest(children: number): Forest {
  const length = 1 + children;
  return withFigures(
    forestOf({
      parent: Int32Array.from({ length }, (_, n) => (n === 0 ? NONE : 0)),
      tokens: new Int32Array(length).fill(40),
      sampled: Uint8Array.from({ length }, (_, n) => (n === 0 ? 0 : 1)),
    }),
  );
}

/** One rollout of `nodes` nodes, each the child of the one before. */
export function chainForest(nodes: number): Forest {
  return withFigures(
    forestOf({
      parent: Int32Array.from({ length: nodes }, (_, n) => n - 1),
      tokens: new Int32Array(nodes).fill(3),
      sampled: Uint8Array.from({ length: nodes }, (_, n) => n % 2),
    }),
  );
}

function withFigures(forest: Forest): Forest {
  const random = makeRandom(5);
  const entropy = Float32Array.from(forest.edgeTokens, () => -Math.log(1 - random()) * (random() < 0.2 ? 4 : 0.1));
  const reward = Float64Array.from(forest.trajectories.reward, () => (random() < 0.37 ? 1 : 0));
  return { ...forest, channels: { ...forest.channels, entropy }, trajectories: { ...forest.trajectories, reward } };
}
