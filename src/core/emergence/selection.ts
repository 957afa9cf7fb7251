/** What a selection of nodes makes of each rollout, as sums over rollouts: turns, tokens, reward and parallel calls of what it keeps. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { wholeRollouts } from '../tree/whole-rollouts.ts';
import type { TurnList } from './turn-list.ts';

/** Every figure of a selection is Σ top ÷ Σ below over rollouts. The order is that of the columns. */
export const SELECTION_FIGURES = [
  'turns-trained',
  'tokens-trained',
  'reward-trained',
  'parallel-trained',
  'calls-trained',
  'turns-whole',
  'branch-turns',
  'branch-tokens',
] as const;
export type SelectionFigure = (typeof SELECTION_FIGURES)[number];

const COUNT = SELECTION_FIGURES.length;
const AT = new Map<SelectionFigure, number>(SELECTION_FIGURES.map((id, i) => [id, i]));

/** What is counted over, whatever is selected. */
export interface SelectionGround {
  /** As the rule leaves it: without what acts drop. Its rows are those of the forest that `turns` were counted on. */
  readonly forest: Forest;
  readonly rollouts: number;
  readonly turns: TurnList;
  /** rollout -> 1: it may carry loss, and acts do not drop it. Others count nowhere. */
  readonly learns: Uint8Array;
  /** rollout -> its turns, its distinct tokens, and its reward (NaN where unknown) */
  readonly turnCount: Float64Array;
  readonly tokens: Float64Array;
  readonly reward: Float64Array;
  /** node -> turns on the path from the root to its end: runs of nodes that some trajectory sampled */
  readonly turnsTo: Float64Array;
}

export interface Selected {
  /** node -> 1 = kept, closed under parents */
  readonly kept: Uint8Array;
  /** node -> sum of the factors of its tokens: its tokens with loss, where nothing is drawn */
  readonly loss: Float64Array;
}

/** Index rollout × figures + figure. */
export interface SelectionColumns {
  readonly top: Float64Array;
  readonly below: Float64Array;
}

/** node -> turns on its path: runs of nodes that some trajectory sampled. O(nodes). */
export function turnsOnPaths({ length, parent, sampledCount }: Pick<Forest, 'length' | 'parent' | 'sampledCount'>): Float64Array {
  const turns = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    const above = parent[n];
    const begins = sampledCount[n] > 0 && (above === NONE || sampledCount[above] === 0);
    turns[n] = (above === NONE ? 0 : turns[above]) + (begins ? 1 : 0);
  }
  return turns;
}

/**
 * O(nodes of all turns + trajectories). A turn counts as much as the share of its tokens that carry loss, a rollout as much as that
 * share of all its turns' tokens; a branch counts once, split evenly over the trajectories through its end.
 */
export function selectionColumns(ground: SelectionGround, { kept, loss }: Selected): SelectionColumns {
  const { rollouts, turns, learns, turnCount, tokens, reward } = ground;
  const top = new Float64Array(rollouts * COUNT);
  const below = new Float64Array(rollouts * COUNT);
  const add = (r: number, figure: SelectionFigure, value: number, weight: number): void => {
    const at = r * COUNT + (AT.get(figure) ?? 0);
    top[at] += value * weight;
    below[at] += weight;
  };
  const withLoss = new Float64Array(rollouts);
  const sampled = new Float64Array(rollouts);
  for (let turn = 0; turn < turns.length; turn++) {
    const r = turns.rollout[turn];
    if (learns[r] !== 1) continue;
    let sum = 0;
    for (let i = turns.start[turn]; i < turns.start[turn + 1]; i++) sum += loss[turns.nodes[i]];
    withLoss[r] += sum;
    sampled[r] += turns.tokens[turn];
    if (sum === 0) continue;
    const share = sum / turns.tokens[turn];
    const calls = turns.calls[turn];
    add(r, 'parallel-trained', calls >= 2 ? 1 : 0, share);
    if (calls >= 1) add(r, 'calls-trained', calls, share);
  }
  const isWhole = wholeRollouts(ground.forest, ground.rollouts, kept);
  for (let r = 0; r < rollouts; r++) {
    if (learns[r] !== 1) continue;
    if (withLoss[r] > 0) {
      const share = withLoss[r] / sampled[r];
      add(r, 'turns-trained', turnCount[r], share);
      add(r, 'tokens-trained', tokens[r], share);
      if (!Number.isNaN(reward[r])) add(r, 'reward-trained', reward[r], share);
    }
    if (isWhole[r] === 1) add(r, 'turns-whole', turnCount[r], 1);
  }
  eachBranch(ground, kept, (n, r, share) => {
    if (learns[r] !== 1) return;
    add(r, 'branch-turns', ground.turnsTo[n], share);
    add(r, 'branch-tokens', ground.forest.depth[n] + ground.forest.edgeStart[n + 1] - ground.forest.edgeStart[n], share);
  });
  return { top, below };
}

/** The last node of each kept branch, for each rollout of a trajectory through it, with that trajectory's part of the branch. */
function eachBranch({ forest }: SelectionGround, kept: Uint8Array, visit: (node: number, rollout: number, share: number) => void): void {
  const { length, parent, reachStart, reachCount, trajectoryOrder, trajectories } = forest;
  const goesOn = new Uint8Array(length);
  for (let n = 0; n < length; n++) if (kept[n] === 1 && parent[n] !== NONE) goesOn[parent[n]] = 1;
  for (let n = 0; n < length; n++) {
    if (kept[n] !== 1 || goesOn[n] === 1) continue;
    for (let i = reachStart[n]; i < reachStart[n] + reachCount[n]; i++)
      visit(n, trajectories.rollout[trajectoryOrder[i]], 1 / reachCount[n]);
  }
}

/** Adds columns to others of the same shape. */
export function addColumns(sum: SelectionColumns, { top, below }: SelectionColumns): void {
  for (let i = 0; i < top.length; i++) {
    sum.top[i] += top[i];
    sum.below[i] += below[i];
  }
}

/**
 * Sums by group and figure: index group × figures + figure; with `counts`, rollouts that add something below.
 * @param groups rollout -> bit per group. @param times rollout -> how often it counts; null: once
 */
export function sumGroups(
  { top, below }: SelectionColumns,
  members: Int32Array,
  groups: Int32Array,
  groupCount: number,
  times: Uint32Array | null,
): SelectionColumns & { readonly counts: Float64Array } {
  const sums = { top: new Float64Array(groupCount * COUNT), below: new Float64Array(groupCount * COUNT) };
  const counts = new Float64Array(groupCount * COUNT);
  for (const r of members) {
    const weight = times === null ? 1 : times[r];
    if (weight === 0) continue;
    for (let g = 0; g < groupCount; g++) {
      if (((groups[r] >> g) & 1) === 0) continue;
      for (let f = 0; f < COUNT; f++) {
        sums.top[g * COUNT + f] += weight * top[r * COUNT + f];
        sums.below[g * COUNT + f] += weight * below[r * COUNT + f];
        if (below[r * COUNT + f] > 0) counts[g * COUNT + f] += weight;
      }
    }
  }
  return { ...sums, counts };
}
