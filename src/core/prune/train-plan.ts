/** The train target under a rule: which tokens of a cut carry loss, by the method that the rule names. */
import { layTokens, seedBits, tokenBits, type TokenLayout } from './token-layout.ts';
import type { Cut } from './cut.ts';
import { layTicks, placeInTicks, planTrainOrder, trainedBefore, trainPins, type TrainEnd } from './train.ts';
import { makeEndFinder } from './train-jump.ts';
import { planNodesByTask, planTokensByTask } from './train-by-task.ts';
import { planDrawn } from './train-drawn.ts';
import { planLargest } from './train-largest.ts';
import type { TokenChoice, TrainMethod, TrainPlan, TrainSet } from './train-method.ts';
import type { TokenSignals } from './token-signals.ts';
import { TRAIN_METHODS } from './train-methods.ts';
import type { PruneOrder } from './order.ts';
import { countedSignal, type PruneProblem } from './problem.ts';
import { protectNodes } from './protection.ts';
import type { Forest } from '../model/forest.ts';

/** O(n log n) for whole nodes, O(n + tokens) for single tokens, once per rule. Throws for a method that is not registered. */
export function planTrain(problem: PruneProblem, order: PruneOrder): TrainPlan {
  const { rule, forest, tokens } = problem;
  const methods: readonly TrainMethod[] = TRAIN_METHODS;
  const method = methods.find(({ id }) => id === rule.train);
  if (method === undefined) throw new Error(`expected a train method, found ${rule.train}`);
  if (method.tokens === null) return planNodes(problem, order);
  if (tokens === undefined) throw new Error(`train method ${method.id}: expected signals of tokens, found none`);
  const { factor, pinned } = protectNodes(forest, rule.trainProtect, rule.hand, 'nodes', problem.acts);
  const layout = layTokens(forest, order);
  const { take, worth } = method.tokens;
  const worthAt = worth({ forest, signals: tokens, favour: factor });
  const counted = countedSignal(problem);
  const planOf = (own: TokenLayout): TrainPlan => {
    const slots = { worth: worthOf(own, worthAt), counted: countedOf(own, counted, tokens.counted ?? tokens.value) };
    return take === 'drawn'
      ? planDrawn(own, pinned, slots, rule.floor, { bits: tokenBits(own, rule.seed), first: seedBits(rule.seed) >>> 0 })
      : planLargest(own, pinned, slots, rule.seed);
  };
  return rule.scope === 'task' ? planTokensByTask(layout, pinned, planOf) : planOf(layout);
}

/** slot -> worth */
function worthOf({ forest, nodes, start }: TokenLayout, worth: ReturnType<TokenChoice['worth']>): Float32Array<ArrayBuffer> {
  const out = new Float32Array(start[nodes.length]);
  for (let p = 0; p < nodes.length; p++) {
    const node = nodes[p];
    for (let slot = start[p], at = forest.edgeStart[node]; slot < start[p + 1]; slot++, at++) out[slot] = worth(at, node);
  }
  return out;
}

/** slot -> its part of its node's known signal: in proportion to the known values of the node's tokens, alike where all are 0. [ours] */
function countedOf(
  { forest, nodes, start }: TokenLayout,
  counted: Float64Array,
  valueOf: TokenSignals['value'],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(start[nodes.length]);
  for (let p = 0; p < nodes.length; p++) {
    const node = nodes[p];
    let sum = 0;
    for (let at = forest.edgeStart[node]; at < forest.edgeStart[node + 1]; at++) sum += valueOf(at, node);
    const each = counted[node] / (sum > 0 ? sum : start[p + 1] - start[p]);
    for (let slot = start[p], at = forest.edgeStart[node]; slot < start[p + 1]; slot++, at++)
      out[slot] = each * (sum > 0 ? valueOf(at, node) : 1);
  }
  return out;
}

function planNodes(problem: PruneProblem, order: PruneOrder): TrainPlan {
  const { forest, rule } = problem;
  const trainOrder = planTrainOrder(problem);
  const counted = countedSignal(problem);
  if (rule.scope === 'task') return planNodesByTask(forest, trainOrder, order, counted);
  const ticks = layTicks(trainOrder, order, counted);
  const endAt = makeEndFinder(ticks);
  const setOf = (cut: Cut, { end, pinsUnmet, ...set }: TrainEnd): TrainSet => {
    const tokensOf = (node: number): number => forest.edgeStart[node + 1] - forest.edgeStart[node];
    const isTrained = (node: number): boolean => {
      const at = ticks.row[node];
      return at < end && ticks.rank[at] < cut.limit[ticks.task[at]];
    };
    return {
      ...set,
      pinsUnmet: pinsUnmet === null ? null : { pinned: pinsUnmet, budget: set.budget },
      expected: set.tokens,
      threshold: null,
      byToken: false,
      trainedOf: (node) => (isTrained(node) ? tokensOf(node) : 0),
      factorsOf(node, out, from) {
        const tokens = tokensOf(node);
        out.fill(isTrained(node) ? 1 : 0, from, from + tokens);
        return isTrained(node) ? tokens : 0;
      },
      placeOf(node) {
        const row = ticks.row[node];
        const isKept = row < ticks.rank.length && ticks.rank[row] < cut.limit[ticks.task[row]];
        return isKept ? placeInTicks(ticks, cut, row, end) : null;
      },
    };
  };
  return {
    pins: trainPins(ticks),
    choose: (cut, sampledTokens, trainShare) => setOf(cut, endAt(cut, { tokens: sampledTokens, signal: cut.signal }, trainShare)),
    upTo(cut, end) {
      const set = trainedBefore(ticks, cut, end);
      return setOf(cut, { ...set, budget: set.tokens, pinsUnmet: null });
    },
  };
}

/** node -> tokens that carry loss. O(tokens): for exports and drawings, not for ticks. */
export function trainedTokens(forest: Forest, set: TrainSet): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: forest.length }, (_, n) => set.trainedOf(n));
}

/**
 * Parallel to `edgeTokens`: by how much a token's coefficient is multiplied, 0 = no loss; null where whole nodes carry loss.
 * O(tokens): for exports.
 */
export function tokenFactors(forest: Forest, set: TrainSet): Float32Array<ArrayBuffer> | null {
  if (!set.byToken) return null;
  const factors = new Float32Array(forest.edgeStart[forest.length]);
  for (let n = 0; n < forest.length; n++) set.factorsOf(n, factors, forest.edgeStart[n]);
  return factors;
}
