/**
 * Parts of a score plan that several models can run at the same time: each begins where a window does, so none continues what another
 * has forwarded. A part has its own numbering of edge tokens, so that a thread is sent only those that it needs.
 */
import { makeGrowable, push, trimmed } from '../../base/growable.ts';
import type { ScorePlan } from './plan.ts';
import { START } from './windows.ts';

export interface PlanPart {
  readonly plan: ScorePlan;
  readonly edgeTokens: Int32Array<ArrayBuffer>;
  /** edge token of the part -> that of the whole */
  readonly edge: Int32Array<ArrayBuffer>;
}

/** First steps of parts, and the number of all steps last. @param least tokens forwarded in a part, as far as windows can be parted so */
export function partSteps(plan: Pick<ScorePlan, 'steps' | 'stepPast' | 'stepRow' | 'rowFrom' | 'rowTo'>, least: number): number[] {
  const starts: number[] = [];
  let tokens = Infinity;
  for (let step = 0; step < plan.steps; step++) {
    if (plan.stepPast[step] === 0 && tokens >= least) {
      starts.push(step);
      tokens = 0;
    }
    for (let r = plan.stepRow[step]; r < plan.stepRow[step + 1]; r++) tokens += plan.rowTo[r] - plan.rowFrom[r];
  }
  return [...starts, plan.steps];
}

/**
 * Steps [from, to), at least one, as a plan of their own. `from` starts a window. O(its tokens).
 * `distinct` and `reanchored` count within the part; `unscorable` is the whole plan's affair and 0.
 */
export function planPart(plan: ScorePlan, edgeTokens: Int32Array, from: number, to: number): PlanPart {
  const firstRow = plan.stepRow[from];
  const rows = plan.stepRow[to] - firstRow;
  // Leaves of one fork are rows out of the order of their tokens: between them may lie tokens of another part.
  let [low, high, firstQuery, endQuery] = [Infinity, 0, Infinity, 0];
  for (let r = firstRow; r < firstRow + rows; r++) {
    low = Math.min(low, plan.rowFrom[r]);
    high = Math.max(high, plan.rowTo[r]);
    firstQuery = Math.min(firstQuery, plan.rowQuery[r]);
    endQuery = Math.max(endQuery, plan.rowQueryEnd[r]);
  }
  const own = new Map<number, number>();
  const edge = makeGrowable(Int32Array);
  const numbered = (token: number): number => {
    const known = own.get(token);
    if (known !== undefined) return known;
    own.set(token, edge.length);
    push(edge, token);
    return edge.length - 1;
  };
  const position = plan.position.subarray(low, high).map((token) => (token === START ? START : numbered(token)));
  let forwarded = 0;
  const distinct = new Set<number>();
  for (let r = firstRow; r < firstRow + rows; r++) {
    forwarded += plan.rowTo[r] - plan.rowFrom[r];
    for (let at = plan.rowFrom[r]; at < plan.rowTo[r]; at++) if (plan.position[at] !== START) distinct.add(plan.position[at]);
  }
  const queryTarget = plan.queryTarget.subarray(firstQuery, endQuery).map(numbered);
  const inRows = (column: Int32Array, less: number): Int32Array => column.slice(firstRow, firstRow + rows).map((value) => value - less);
  const all = trimmed(edge);
  return {
    edge: all,
    edgeTokens: all.map((token) => edgeTokens[token]),
    plan: {
      limits: plan.limits,
      steps: to - from,
      stepRow: plan.stepRow.slice(from, to + 1).map((row) => row - firstRow),
      stepPast: plan.stepPast.slice(from, to),
      stepKeep: plan.stepKeep.slice(from, to),
      rowFrom: inRows(plan.rowFrom, low),
      rowTo: inRows(plan.rowTo, low),
      rowQuery: inRows(plan.rowQuery, firstQuery),
      rowQueryEnd: inRows(plan.rowQueryEnd, firstQuery),
      position,
      queryAt: plan.queryAt.slice(firstQuery, endQuery).map((at) => at - low),
      queryTarget,
      forwarded,
      distinct: distinct.size,
      reanchored: forwarded - distinct.size,
      padding: 0,
      unscorable: 0,
    },
  };
}
