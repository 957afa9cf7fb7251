/** Which training records are written, which trajectory stands for each, and the loss weight of each of their nodes. */
import { ENDING, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { pathTo, trajectoriesThrough } from '../tree/navigate.ts';
import { isDisputed } from '../tree/sampled.ts';
import { coverRest } from './cover.ts';
import { extentsOf, shownOf, type Extent, type LengthLimit, type ShownPath } from './extent.ts';
import { makeLoss, type Loss, type TurnMasks } from './loss.ts';

/**
 * `branch-mean`: the weights of a token over all records whose trajectory sampled it add up to its coefficient, s/K; this
 * equals flat training of all trajectories (Tree Training, arXiv 2511.00413). `train-once`: weight 1 in the first such
 * record, 0 in the others. s and K are those of the full tree.
 * `kept-mean`: the same as branch-mean, but of the trajectories that are kept whole: s and K count those alone, so records
 * equal flat training of what is kept whole ("weight 1/k"). Plans and divisors for it come from `withKeptWhole`. [ours]
 */
export type Convention = 'branch-mean' | 'kept-mean' | 'train-once';

/**
 * A record is a path, or a part of one, and the trajectory that stands for it: it has loss on what that trajectory sampled, and on
 * nothing else. It ends behind the last turn that trains. Records of a task that would be the same are one.
 */
export interface BranchPlan {
  /** record -> its last node; records are in depth-first order, those of one node in that of `trajectoryOrder` */
  readonly end: Int32Array;
  /** record -> the trajectory that stands for it */
  readonly trajectory: Int32Array;
  /** record -> what of its path it shows */
  readonly extent: readonly Extent[];
  /** record -> tokens that it shows */
  readonly tokenCount: Int32Array;
  /** Kept nodes without a kept child: the branches. Records are made of each; more are made where those do not show every trained node. */
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
  /** record -> branches that it was made of, by their place in `branchEnd`: none where it was made to show a trained node */
  readonly branches: readonly (readonly number[])[];
  /** Records that were the same as another one of their task. */
  readonly merged: number;
  /** What a limit of tokens did. */
  readonly overLong: OverLong;
  /** Records that were not chosen, and distinct tokens that train in no record for it. */
  readonly leftOut: { readonly records: number; readonly tokens: number };
  /** Chosen nodes that no record can show to the end of an event, hence not trained. */
  readonly uncovered: { readonly nodes: number; readonly tokens: number };
  readonly loss: Loss;
  /** edge token -> by how much the weight of its node is multiplied, 0 = no loss; null: whole nodes carry loss */
  readonly factors: Float32Array | null;
  /** The same for records of tokens, which may leave the end marks of turns without loss. */
  readonly tokenFactors: Float32Array | null;
}

/** Records that are longer than the limit; parts that they were written in; and distinct tokens that train in no record for it. */
export interface OverLong {
  records: number;
  parts: number;
  tokens: number;
}

/** What else decides which records there are. */
export interface RecordLimits {
  readonly length: LengthLimit;
  /** trajectory -> event -> tokens up to its end; null: not known */
  readonly eventEnds: (t: number) => Int32Array | null;
  /** The tokens that end turns carry loss in records of tokens. */
  readonly trainsEnds: boolean;
  /** Of records that carry loss, in their order, those that are written; null: all. */
  readonly choose: ((records: readonly RecordDraft[]) => readonly boolean[]) | null;
}

/** A record before anything is known of the others. */
export interface RecordDraft {
  readonly trajectory: number;
  readonly extent: Extent;
  /** node of its path, from the root on -> 1: carries loss in the trajectory */
  readonly marks: Uint8Array;
}

const NO_LIMITS: RecordLimits = { length: { tokens: 0, way: 'drop' }, eventEnds: () => null, trainsEnds: true, choose: null };

interface PlannedRecord extends RecordDraft {
  readonly branches: number[];
}

/** What a record that is being planned shows. */
export function draftPath(forest: Forest, { extent, marks }: RecordDraft): ShownPath {
  return shownOf(forest, extent, () => marks);
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
  maskErrors: boolean | TurnMasks,
  factors: Float32Array | null = null,
  limits: RecordLimits = NO_LIMITS,
): BranchPlan {
  const loss = makeLoss(forest, trained, maskErrors);
  const leaves = keptLeaves(forest, kept);
  const branches = leaves.map((end) => ({ end, trajectory: standsFor(forest, end, loss) }));
  const paths = branches.concat(coverRest(forest, kept, loss, branches));
  const { records: all, merged, overLong, reached } = recordsOf(forest, paths, loss, limits, branches.length);
  const isShown = new Uint8Array(forest.length);
  for (const record of all) {
    const { nodes, marks } = draftPath(forest, record);
    nodes.forEach((n, i) => (isShown[n] |= marks[i]));
  }
  const records = limits.choose === null ? all : chosenOf(forest, all, limits.choose);
  const count = new Int32Array(forest.length);
  const firstRecord = new Int32Array(forest.length).fill(NONE);
  const hasLoss = new Uint8Array(records.length);
  const hasFirstLoss = new Uint8Array(records.length);
  const tokenCount = new Int32Array(records.length);
  for (const [record, draft] of records.entries()) {
    const { nodes, marks } = draftPath(forest, draft);
    for (const [i, n] of nodes.entries()) {
      tokenCount[record] += forest.edgeStart[n + 1] - forest.edgeStart[n];
      if (marks[i] === 0) continue;
      hasLoss[record] = 1;
      count[n]++;
      if (firstRecord[n] !== NONE) continue;
      hasFirstLoss[record] = 1;
      firstRecord[n] = record;
    }
  }
  const leftOut = { records: all.length - records.length, tokens: 0 };
  const uncovered = { nodes: 0, tokens: 0 };
  for (let n = 0; n < forest.length; n++) {
    if (kept[n] === 0 || loss.carriers[n] === 0 || count[n] > 0) continue;
    const tokens = forest.edgeStart[n + 1] - forest.edgeStart[n];
    if (isShown[n] === 1) leftOut.tokens += tokens;
    else if (reached[n] === 1) overLong.tokens += tokens;
    else {
      uncovered.nodes++;
      uncovered.tokens += tokens;
    }
  }
  return {
    end: Int32Array.from(records, ({ extent }) => extent.end),
    trajectory: Int32Array.from(records, ({ trajectory }) => trajectory),
    extent: records.map(({ extent }) => extent),
    tokenCount,
    branchEnd: Int32Array.from(leaves),
    records: count,
    firstRecord,
    trained: Uint8Array.from(count, (shown) => (shown > 0 ? 1 : 0)),
    hasLoss,
    hasFirstLoss,
    branches: records.map((record) => record.branches),
    merged,
    overLong,
    leftOut,
    uncovered,
    loss,
    factors,
    tokenFactors: limits.trainsEnds ? factors : withoutEnds(forest, factors),
  };
}

function chosenOf(forest: Forest, records: readonly PlannedRecord[], choose: NonNullable<RecordLimits['choose']>): PlannedRecord[] {
  const withLoss = records.filter((record) => draftPath(forest, record).marks.includes(1));
  const chosen = choose(withLoss);
  const isLeft = new Set(withLoss.filter((_, i) => !chosen[i]));
  return records.filter((record) => !isLeft.has(record));
}

/** The factors with 0 for each token that ends a turn. */
function withoutEnds(forest: Forest, factors: Float32Array | null): Float32Array {
  const own = factors === null ? new Float32Array(forest.edgeTokens.length).fill(1) : Float32Array.from(factors);
  for (let n = 0; n < forest.length; n++) if ((forest.endings[n] & ENDING.turn) !== 0) own[forest.edgeStart[n + 1] - 1] = 0;
  return own;
}

/**
 * Records of paths, in depth-first order. @param paths the first `branches` of them are the branches
 * @returns `reached`: node -> 1: it carries loss on one of the paths
 */
function recordsOf(
  forest: Forest,
  paths: readonly { readonly end: number; readonly trajectory: number }[],
  loss: Loss,
  { length, eventEnds }: RecordLimits,
  branches: number,
): { records: PlannedRecord[]; merged: number; overLong: OverLong; reached: Uint8Array } {
  const overLong = { records: 0, parts: 0, tokens: 0 };
  const reached = new Uint8Array(forest.length);
  const found: PlannedRecord[] = [];
  for (const [at, { end, trajectory }] of paths.entries()) {
    const path = pathTo(forest, end);
    const marks = loss.marks(trajectory, path);
    path.forEach((n, i) => (reached[n] |= marks[i]));
    const own = at < branches ? [at] : [];
    const { extents, isLong } = extentsOf(forest, trajectory, path, marks, eventEnds(trajectory), length);
    for (const extent of extents) {
      const upTo = marks.subarray(0, path.indexOf(extent.end) + 1);
      found.push({ trajectory, extent, marks: upTo, branches: [...own] });
    }
    if (!isLong) continue;
    overLong.records++;
    overLong.parts += extents.length;
  }
  const place = new Int32Array(forest.trajectories.length);
  forest.trajectoryOrder.forEach((t, i) => (place[t] = i));
  found.sort((a, b) => a.extent.end - b.extent.end || place[a.trajectory] - place[b.trajectory] || a.extent.lossFrom - b.extent.lossFrom);
  const records = mergeSame(forest, found);
  return { records, merged: found.length - records.length, overLong, reached };
}

/** Records that show the same nodes with the same marks, of one reward, are one: it keeps the place and the trajectory of the first. */
function mergeSame(forest: Forest, records: readonly PlannedRecord[]): PlannedRecord[] {
  const { reward } = forest.trajectories;
  const merged: PlannedRecord[] = [];
  let known = new Map<string, PlannedRecord[]>();
  let end = NONE;
  for (const record of records) {
    const { extent, trajectory, marks } = record;
    if (extent.end !== end) known = new Map();
    ({ end } = extent);
    const key = `${extent.head} ${extent.from} ${extent.lossFrom} ${reward[trajectory]}`;
    const alike = known.get(key) ?? [];
    const same = alike.find((other) => other.marks.every((mark, i) => mark === marks[i]));
    if (same !== undefined) {
      for (const branch of record.branches) same.branches.push(branch);
      continue;
    }
    alike.push(record);
    known.set(key, alike);
    merged.push(record);
  }
  return merged;
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

/** What a record shows of its path, with its loss marks. */
export function shownPath(forest: Forest, { extent, trajectory, loss }: BranchPlan, record: number): ShownPath {
  return shownOf(forest, extent[record], (path) => loss.marks(trajectory[record], path));
}

/**
 * Weight of each of a record's nodes, parallel to those that it shows; 0 where it carries no loss there. A token's weight is that
 * times its factor.
 * @param divisor K of the task, see `taskDivisors`. @param shown from `shownPath`
 */
export function pathWeights(
  plan: BranchPlan,
  convention: Convention,
  divisor: number,
  record: number,
  { nodes, marks }: ShownPath,
): Float64Array {
  return Float64Array.from(nodes, (n, i) => {
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
