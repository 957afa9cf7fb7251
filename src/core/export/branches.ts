/** Which training records are written, which trajectory stands for each, and the loss weight of each of their nodes. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { pathTo, trajectoriesThrough } from '../tree/navigate.ts';
import { isDisputed } from '../tree/sampled.ts';
import { coverRest } from './cover.ts';
import { makeLoss, type Loss } from './loss.ts';

/**
 * `branch-mean`: the weights of a token over all records whose trajectory sampled it add up to its coefficient, s/K; this
 * equals flat training of all trajectories (Tree Training, arXiv 2511.00413). `train-once`: weight 1 in the first such
 * record, 0 in the others. s and K are those of the full tree.
 * `kept-mean`: the same as branch-mean, but of the trajectories that are kept whole: s and K count those alone, so records
 * equal flat training of what is kept whole ("weight 1/k"). Plans and divisors for it come from `withKeptWhole`. [ours]
 */
export type Convention = 'branch-mean' | 'kept-mean' | 'train-once';

/** A record is a path and the trajectory that stands for it: it has loss on what that trajectory sampled, and on nothing else. */
export interface BranchPlan {
  /** record -> its last node; records are in depth-first order, those of one node in that of `trajectoryOrder` */
  readonly end: Int32Array;
  /** record -> the trajectory that stands for it */
  readonly trajectory: Int32Array;
  /** record -> tokens of its path */
  readonly tokenCount: Int32Array;
  /** Kept nodes without a kept child. A record ends at each; more are made where those do not show every trained node. */
  readonly branchEnd: Int32Array;
  /** node -> records in which it carries loss */
  readonly records: Int32Array;
  /** node -> first record in which it carries loss, or NONE */
  readonly firstRecord: Int32Array;
  /** node -> 1: carries loss in some record */
  readonly trained: Uint8Array;
  /** record -> 1: a node on it carries loss there; the first time that this node does */
  readonly hasLoss: Uint8Array;
  readonly hasFirstLoss: Uint8Array;
  /** Chosen nodes that no record can show to the end of an event, hence not trained. */
  readonly uncovered: { readonly nodes: number; readonly tokens: number };
  readonly loss: Loss;
  /** edge token -> by how much the weight of its node is multiplied, 0 = no loss; null: whole nodes carry loss */
  readonly factors: Float32Array | null;
}

/**
 * @param kept node -> 1 = kept, closed under parents
 * @param trained node -> 1 = carries loss, or some of its tokens do
 * @param maskErrors erroneous turns stay as context with loss 0, trajectory by trajectory
 * @param factors as `BranchPlan` has it
 */
export function planBranches(
  forest: Forest,
  kept: Uint8Array,
  trained: Uint8Array,
  maskErrors: boolean,
  factors: Float32Array | null = null,
): BranchPlan {
  const loss = makeLoss(forest, trained, maskErrors);
  const leaves = keptLeaves(forest, kept);
  const branches = leaves.map((end) => ({ end, trajectory: standsFor(forest, end, loss) }));
  const records = branches.concat(coverRest(forest, kept, loss, branches));
  const place = new Int32Array(forest.trajectories.length);
  forest.trajectoryOrder.forEach((t, i) => (place[t] = i));
  records.sort((a, b) => a.end - b.end || place[a.trajectory] - place[b.trajectory]);
  const count = new Int32Array(forest.length);
  const firstRecord = new Int32Array(forest.length).fill(NONE);
  const hasLoss = new Uint8Array(records.length);
  const hasFirstLoss = new Uint8Array(records.length);
  for (const [record, { end, trajectory }] of records.entries()) {
    const path = pathTo(forest, end);
    const marks = loss.marks(trajectory, path);
    for (let i = 0; i < path.length; i++) {
      if (marks[i] === 0) continue;
      const n = path[i];
      hasLoss[record] = 1;
      count[n]++;
      if (firstRecord[n] !== NONE) continue;
      hasFirstLoss[record] = 1;
      firstRecord[n] = record;
    }
  }
  const uncovered = { nodes: 0, tokens: 0 };
  for (let n = 0; n < forest.length; n++) {
    if (kept[n] === 0 || loss.carriers[n] === 0 || count[n] > 0) continue;
    uncovered.nodes++;
    uncovered.tokens += forest.edgeStart[n + 1] - forest.edgeStart[n];
  }
  const end = Int32Array.from(records, (record) => record.end);
  return {
    end,
    trajectory: Int32Array.from(records, ({ trajectory }) => trajectory),
    tokenCount: end.map((n) => forest.depth[n] + forest.edgeStart[n + 1] - forest.edgeStart[n]),
    branchEnd: Int32Array.from(leaves),
    records: count,
    firstRecord,
    trained: Uint8Array.from(count, (shown) => (shown > 0 ? 1 : 0)),
    hasLoss,
    hasFirstLoss,
    uncovered,
    loss,
    factors,
  };
}

function keptLeaves(forest: Forest, kept: Uint8Array): number[] {
  const hasKeptChild = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++) if (kept[n] === 1 && forest.parent[n] !== NONE) hasKeptChild[forest.parent[n]] = 1;
  const leaves: number[] = [];
  for (let n = 0; n < forest.length; n++) if (kept[n] === 1 && hasKeptChild[n] === 0) leaves.push(n);
  return leaves;
}

/** Of the trajectories through a branch's end, the one with the most tokens of loss on it; among equals the first in `trajectoryOrder`. */
function standsFor(forest: Forest, end: number, loss: Loss): number {
  const through = trajectoriesThrough(forest, end);
  const path = pathTo(forest, end);
  // Where all of them sampled the same, there is nothing to choose.
  if (!loss.masksErrors && !path.some((n) => isDisputed(forest, n))) return through[0];
  let best = through[0];
  let most = -1;
  for (const t of through) {
    const tokens = loss.tokens(t, path);
    if (tokens <= most) continue;
    most = tokens;
    best = t;
  }
  return best;
}

/**
 * Weight of each of a record's nodes, parallel to `path` (root to the record's end); 0 where it carries no loss there. A token's
 * weight is that times its factor.
 * @param divisor K of the task, see `taskDivisors`
 */
export function pathWeights(plan: BranchPlan, convention: Convention, divisor: number, record: number, path: Int32Array): Float64Array {
  const marks = plan.loss.marks(plan.trajectory[record], path);
  return Float64Array.from(path, (n, i) => {
    if (marks[i] === 0) return 0;
    if (convention === 'train-once') return plan.firstRecord[n] === record ? 1 : 0;
    return plan.loss.carriers[n] / (divisor * plan.records[n]);
  });
}

/** Records that carry loss, in their order. The others are context to the end: a trainer has no use for them. */
export function branchesWithLoss(plan: BranchPlan, convention: Convention): Int32Array {
  const carries = convention === 'train-once' ? plan.hasFirstLoss : plan.hasLoss;
  return Int32Array.from(plan.end.keys()).filter((record) => carries[record] === 1);
}
