/** Which branches an export writes, and how much each of their tokens weighs. */
import { FLAG, KIND, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { pathTo } from '../tree/navigate.ts';

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
  /** node -> first branch in which it carries loss, or NONE */
  readonly firstBranch: Int32Array;
  /** node -> 1: carries loss in some branch */
  readonly trained: Uint8Array;
  /** branch -> 1: a node on it carries loss there; the first time that this node does */
  readonly hasLoss: Uint8Array;
  readonly hasFirstLoss: Uint8Array;
  readonly maskErrors: boolean;
}

/**
 * @param kept node -> 1 = kept, closed under parents
 * @param trained node -> 1 = carries loss
 * @param maskErrors erroneous turns stay as context with loss 0, branch by branch
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
  const hasLoss = new Uint8Array(leaf.length);
  const hasFirstLoss = new Uint8Array(leaf.length);
  leaf.forEach((node, branch) => {
    const path = pathTo(forest, node);
    const masked = maskErrors ? erroneousTurns(forest, path) : null;
    path.forEach((n, i) => {
      if (trained[n] === 0 || forest.sampledCount[n] === 0 || masked?.[i] === 1) return;
      hasLoss[branch] = 1;
      if (firstBranch[n] !== NONE) return;
      hasFirstLoss[branch] = 1;
      firstBranch[n] = branch;
    });
  });
  return {
    leaf,
    trajectory: leaf.map((node) => forest.trajectoryOrder[forest.reachStart[node]]),
    tokenCount: leaf.map((node) => forest.depth[node] + forest.edgeStart[node + 1] - forest.edgeStart[node]),
    branches,
    firstBranch,
    trained: Uint8Array.from(firstBranch, (branch) => (branch === NONE ? 0 : 1)),
    hasLoss,
    hasFirstLoss,
    maskErrors,
  };
}

/**
 * position on the path -> 1: sampled node of a turn that the log marks as an error or that led to a tool error on this
 * path. A turn is the run of sampled nodes above its results. [ours; after Error-Masked SFT]
 */
function erroneousTurns(forest: Forest, path: Int32Array): Uint8Array {
  const masked = new Uint8Array(path.length);
  let failed = false;
  let inTurn = false;
  for (let i = path.length - 1; i >= 0; i--) {
    const n = path[i];
    const isError = (forest.flags[n] & FLAG.error) !== 0;
    if (forest.sampledCount[n] > 0) {
      inTurn = true;
      failed ||= isError;
      masked[i] = failed ? 1 : 0;
    } else {
      failed = forest.kind[n] === KIND.result && (isError || (failed && !inTurn));
      inTurn = false;
    }
  }
  return masked;
}

/**
 * Weight of each of a branch's nodes in its record, parallel to `path` (root to leaf); 0 where it carries no loss there.
 * @param trajectories K of the task
 */
export function pathWeights(
  forest: Forest,
  plan: BranchPlan,
  convention: Convention,
  trajectories: number,
  branch: number,
  path: Int32Array,
): Float64Array {
  const masked = plan.maskErrors ? erroneousTurns(forest, path) : null;
  return Float64Array.from(path, (n, i) => {
    if (plan.trained[n] === 0 || masked?.[i] === 1) return 0;
    if (convention === 'train-once') return plan.firstBranch[n] === branch ? 1 : 0;
    return forest.reachCount[n] / (trajectories * plan.branches[n]);
  });
}

/** Branches whose record carries loss, in their order. The others are context to the end: a trainer has no use for them. */
export function branchesWithLoss(plan: BranchPlan, convention: Convention): Int32Array {
  const carries = convention === 'train-once' ? plan.hasFirstLoss : plan.hasLoss;
  return Int32Array.from(plan.leaf.keys()).filter((branch) => carries[branch] === 1);
}
