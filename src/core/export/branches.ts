/** Which branches an export writes, and how much each of their tokens weighs. */
import { FLAG, KIND, NONE, type Forest } from '../model.ts';

/**
 * `branch-mean`: a token's weights over all records that show it add up to g/K, so that training on the records equals
 * flat training of all branches (Tree Training, arXiv 2511.00413). `train-once`: weight 1 in the first record that
 * shows it, 0 in the others. g and K are those of the full tree.
 */
export type Convention = 'branch-mean' | 'train-once';

export interface BranchPlan {
  /** branch -> its last kept node, in depth-first order */
  readonly leaf: Int32Array;
  /** branch -> the trajectory that stands for it: the first through its leaf */
  readonly trajectory: Int32Array;
  /** branch -> tokens of the kept path */
  readonly tokenCount: Int32Array;
  /** node -> kept branches through it */
  readonly branches: Int32Array;
  /** node -> first branch that shows it, or NONE */
  readonly firstBranch: Int32Array;
  /** node -> 1: carries loss */
  readonly trained: Uint8Array;
}

/**
 * @param kept node -> 1 = kept, closed under parents
 * @param trained node -> 1 = carries loss
 * @param maskErrors erroneous turns stay as context with loss 0
 */
export function planBranches(forest: Forest, kept: Uint8Array, trained: Uint8Array, maskErrors: boolean): BranchPlan {
  const branches = new Int32Array(forest.length);
  const hasKeptChild = new Uint8Array(forest.length);
  for (let n = forest.length - 1; n >= 0; n--) {
    if (kept[n] === 0) continue;
    if (hasKeptChild[n] === 0) branches[n] = 1;
    const parent = forest.parent[n];
    if (parent === NONE) continue;
    hasKeptChild[parent] = 1;
    branches[parent] += branches[n];
  }
  const leaves: number[] = [];
  for (let n = 0; n < forest.length; n++) if (kept[n] === 1 && hasKeptChild[n] === 0) leaves.push(n);
  const leaf = Int32Array.from(leaves);
  const firstBranch = new Int32Array(forest.length).fill(NONE);
  leaf.forEach((node, branch) => {
    for (let at = node; at !== NONE && firstBranch[at] === NONE; at = forest.parent[at]) firstBranch[at] = branch;
  });
  const carries = new Uint8Array(forest.length);
  const erroneous = maskErrors ? erroneousTurns(forest) : null;
  for (let n = 0; n < forest.length; n++) {
    carries[n] = kept[n] === 1 && trained[n] === 1 && forest.sampledCount[n] > 0 && erroneous?.[n] !== 1 ? 1 : 0;
  }
  return {
    leaf,
    trajectory: leaf.map((node) => forest.trajectoryOrder[forest.reachStart[node]]),
    tokenCount: leaf.map((node) => forest.depth[node] + forest.edgeStart[node + 1] - forest.edgeStart[node]),
    branches, firstBranch, trained: carries,
  };
}

/**
 * node -> 1: a sampled node of a turn that the log marks as an error, or whose tool result is an error in at least half
 * of the trajectories through it. A turn is the run of sampled nodes above the result. [ours; after Error-Masked SFT]
 */
export function erroneousTurns(forest: Forest): Uint8Array {
  const failing = new Float64Array(forest.length);
  const isError = (n: number): boolean => (forest.flags[n] & FLAG.error) !== 0;
  const isSampled = (n: number): boolean => forest.sampledCount[n] > 0;
  for (let n = 0; n < forest.length; n++) {
    if (!isError(n)) continue;
    if (isSampled(n)) failing[n] = forest.reachCount[n];
    else if (forest.kind[n] === KIND.result) {
      let at = forest.parent[n];
      // Results of one turn follow each other; the first error among them has told the turn already.
      while (at !== NONE && forest.kind[at] === KIND.result && !isError(at)) at = forest.parent[at];
      if (at !== NONE && forest.kind[at] === KIND.result) continue;
      for (; at !== NONE && isSampled(at); at = forest.parent[at]) failing[at] += forest.reachCount[n];
    }
  }
  return Uint8Array.from(failing, (reach, n) => (reach > 0 && 2 * reach >= forest.reachCount[n] ? 1 : 0));
}

/** Weight of each of node `n`'s tokens in the record of `branch`; 0 where it carries no loss there. `trajectories` = K. */
export function tokenWeight(forest: Forest, plan: BranchPlan, convention: Convention, trajectories: number, branch: number, n: number): number {
  if (plan.trained[n] === 0) return 0;
  if (convention === 'train-once') return plan.firstBranch[n] === branch ? 1 : 0;
  return forest.reachCount[n] / (trajectories * plan.branches[n]);
}
