/** The turns of every rollout, counted from the forest: what statistics by turn and by depth are sums of. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { ENDS, eventEnds } from '../prune/events.ts';

/** What is told of each turn, in the order of the rollout. */
export interface TurnVisitor {
  /**
   * @param number of the turn in its rollout, from 0. @param nodes its nodes, from its beginning. @param tokens that it sampled.
   * @param calls nodes at whose end a call is complete
   */
  turn(rollout: number, number: number, nodes: readonly number[], tokens: number, calls: readonly number[]): void;
  /** A tool result that the rollout was given, once. */
  result(rollout: number, node: number, isError: boolean): void;
}

/** Nodes between two yields. */
const SLICE = 200_000;

/**
 * Visits each rollout's turns (runs of tokens that one of its trajectories sampled) and results. O(nodes over all trajectories); yields
 * the share that is done. A result that two trajectories of one rollout replay in one node is one.
 */
export function* walkTurns(forest: Forest, visitor: TurnVisitor): Generator<number> {
  const { trajectories, parent, depth } = forest;
  const ends = eventEnds(forest);
  const seen = new Int32Array(forest.length).fill(NONE);
  const path: number[] = [];
  let rollout: number = NONE;
  let number = 0;
  let work = 0;
  for (let t = 0; t < trajectories.length; t++) {
    if (trajectories.rollout[t] !== rollout) number = 0;
    rollout = trajectories.rollout[t];
    path.length = 0;
    for (let n = trajectories.leaf[t]; n !== NONE; n = parent[n]) path.push(n);
    work += path.length;
    let at = path.length - 1;
    const results = (until: number): void => {
      // A node lies in one segment of each trajectory, so no run begins or ends inside it.
      for (; at >= 0 && depth[path[at]] < until; at--) {
        const n = path[at];
        if ((ends[n] & ENDS.result) === 0 || seen[n] === rollout) continue;
        seen[n] = rollout;
        visitor.result(rollout, n, (ends[n] & ENDS.error) !== 0);
      }
    };
    for (let run = trajectories.sampledStart[t]; run < trajectories.sampledStart[t + 1]; run += 2) {
      const from = trajectories.sampledRuns[run];
      const to = trajectories.sampledRuns[run + 1];
      results(from);
      const nodes: number[] = [];
      const calls: number[] = [];
      for (; at >= 0 && depth[path[at]] < to; at--) {
        const n = path[at];
        nodes.push(n);
        if ((ends[n] & ENDS.call) !== 0) calls.push(n);
      }
      visitor.turn(rollout, number++, nodes, to - from, calls);
    }
    results(Number.POSITIVE_INFINITY);
    if (work < SLICE) continue;
    work = 0;
    yield (t + 1) / trajectories.length;
  }
}

/** Rollouts in the order of their first trajectory in the forest, which no order of files or lines changes. */
export function forestOrder(
  { trajectoryOrder, trajectories }: Pick<Forest, 'trajectoryOrder' | 'trajectories'>,
  rollouts: number,
): Int32Array {
  const order = new Int32Array(rollouts);
  const seen = new Uint8Array(rollouts);
  let count = 0;
  for (const t of trajectoryOrder) {
    const r = trajectories.rollout[t];
    if (seen[r] === 1) continue;
    seen[r] = 1;
    order[count++] = r;
  }
  return order.subarray(0, count);
}
