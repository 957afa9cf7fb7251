/** The records of a set as trees, task by task. */
import { pathWeights, shownPath } from '../../../core/export/branches.ts';
import { tokenRow } from '../../../core/export/token-row.ts';
import type { Forest } from '../../../core/model/forest.ts';
import { NONE } from '../../../core/model/kinds.ts';
import { treeOfPaths, treeOfRows, type PathRecord, type RecordTree } from '../../../core/prefix/record-tree.ts';
import { taskOf } from '../../../core/tree/navigate.ts';
import { hasSampled } from '../../../core/tree/sampled.ts';
import type { PlannedExport } from '../../export/planned.ts';

export interface TaskTree {
  readonly task: number;
  readonly tree: RecordTree;
}

/** Every trajectory of the forest to its end; what it sampled and may carry loss trains. Tasks without one are left out. */
export function* logTrees(forest: Forest): Generator<TaskTree> {
  const { treeStart, trajectoryStart, trajectoryOrder } = forest;
  const trainedUpTo = (n: number): number => ((forest.sampledCount[n] ?? 0) > 0 ? lengthOf(forest, n) : 0);
  for (let task = 0; task + 1 < treeStart.length; task++) {
    const own = trajectoryOrder.subarray(trajectoryStart[task], trajectoryStart[task + 1]);
    if (own.length === 0) continue;
    const paths = Array.from(own, (t) => trajectoryPath(forest, t));
    yield { task, tree: treeOfPaths(forest, treeStart[task] ?? 0, treeStart[task + 1] ?? 0, paths, trainedUpTo) };
  }
}

function lengthOf({ edgeStart }: Forest, n: number): number {
  return (edgeStart[n + 1] ?? 0) - (edgeStart[n] ?? 0);
}

function trajectoryPath(forest: Forest, t: number): PathRecord {
  const end = forest.trajectories.leaf[t] ?? 0;
  let [first, last]: [number, number] = [NONE, NONE];
  for (let n = end; n !== NONE; n = forest.parent[n] ?? NONE) {
    if (!hasSampled(forest, t, n)) continue;
    const [from, tokens] = [forest.depth[n] ?? 0, lengthOf(forest, n)];
    if (last === NONE) last = from + tokens - 1;
    if (from > 0 || tokens > 1) first = Math.max(1, from);
  }
  return { end, first, last };
}

/** The records that an export writes. */
export function* exportTrees(planned: PlannedExport): Generator<TaskTree> {
  const { forest } = planned.ruling.problem;
  const spans = factorSpans(planned);
  const { records, plan } = planned;
  for (let at = 0; at < records.length;) {
    const task = taskOf(forest, plan.end[records[at] ?? 0] ?? 0);
    const last = forest.treeStart[task + 1] ?? 0;
    const from = at;
    while (at < records.length && (plan.end[records[at] ?? 0] ?? 0) < last) at++;
    const own = records.subarray(from, at);
    // A window shows its trajectory with a gap, or trains only from somewhere on.
    const isPath = own.every((record) => plan.extent[record]?.from === 0 && plan.extent[record].lossFrom === 0);
    const tree = isPath ? pathTree(planned, task, own, spans) : rowTree(planned, task, own);
    if (tree.end.length > 0) yield { task, tree };
  }
}

/** node -> offsets of its first and last token whose factor is not 0, and of the first behind the first token; NONE: there is none */
interface FactorSpans {
  readonly first: (n: number, least: number) => number;
  readonly last: (n: number) => number;
}

function factorSpans({ plan: { tokenFactors }, ruling }: PlannedExport): FactorSpans {
  const { forest } = ruling.problem;
  if (tokenFactors === null)
    return { first: (n, least) => (lengthOf(forest, n) > least ? least : NONE), last: (n) => lengthOf(forest, n) - 1 };
  const find = (n: number, from: number, to: number, step: number): number => {
    const start = forest.edgeStart[n] ?? 0;
    for (let offset = from; offset !== to; offset += step) if ((tokenFactors[start + offset] ?? 0) > 0) return offset;
    return NONE;
  };
  return {
    first: (n, least) => (least >= lengthOf(forest, n) ? NONE : find(n, least, lengthOf(forest, n), 1)),
    last: (n) => find(n, lengthOf(forest, n) - 1, -1, -1),
  };
}

function pathTree(planned: PlannedExport, task: number, records: Int32Array, spans: FactorSpans): RecordTree {
  const { plan, spec, divisors, ruling } = planned;
  const { forest } = ruling.problem;
  const upTo = new Map<number, number>();
  const paths = Array.from(records).flatMap((record): PathRecord[] => {
    const shown = shownPath(forest, plan, record);
    const weights = pathWeights(plan, spec.weights, divisors[task] ?? 1, record, shown);
    let [first, last]: [number, number] = [NONE, NONE];
    for (const [level, n] of shown.nodes.entries()) {
      if (!((weights[level] ?? 0) > 0)) continue;
      const lastOffset = spans.last(n);
      if (lastOffset === NONE) continue;
      const depth = forest.depth[n] ?? 0;
      last = depth + lastOffset;
      upTo.set(n, lastOffset + 1);
      if (first !== NONE) continue;
      // Nothing predicts the token that a record begins with.
      const firstOffset = spans.first(n, depth === 0 ? 1 : 0);
      if (firstOffset !== NONE) first = depth + firstOffset;
    }
    // Where single tokens are chosen, none of the record's may be.
    return last === NONE ? [] : [{ end: plan.end[record] ?? 0, first, last }];
  });
  return treeOfPaths(forest, forest.treeStart[task] ?? 0, forest.treeStart[task + 1] ?? 0, paths, (n) => upTo.get(n) ?? 0);
}

function rowTree({ plan, spec, divisors, ruling }: PlannedExport, task: number, records: Int32Array): RecordTree {
  const { forest } = ruling.problem;
  const rows = Array.from(records, (record) => tokenRow(forest, plan, spec.weights, divisors[task] ?? 1, record));
  return treeOfRows(rows.filter((row) => row !== null));
}
