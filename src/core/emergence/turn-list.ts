/** The turns of all rollouts as columns, so that many selections are counted over them without walking the forest again. */
import { makeGrowable, push } from '../../base/growable.ts';
import type { Forest } from '../model/forest.ts';
import { walkTurns } from '../statistics/turn-table.ts';

export interface TurnList {
  readonly length: number;
  /** turn -> rollout */
  readonly rollout: Int32Array;
  /** turn -> first entry of `nodes`; length + 1 entries */
  readonly start: Int32Array;
  /** Nodes that turns consist of. */
  readonly nodes: Int32Array;
  /** turn -> tokens that it sampled */
  readonly tokens: Float64Array;
  /** turn -> calls that it makes */
  readonly calls: Float64Array;
}

/** As statistics count them (`walkTurns`). O(nodes over all trajectories); yields the share that is done. */
export function* listTurns(forest: Forest): Generator<number, TurnList> {
  const rollout = makeGrowable(Int32Array);
  const start = makeGrowable(Int32Array);
  const nodes = makeGrowable(Int32Array);
  const tokens = makeGrowable(Float64Array);
  const calls = makeGrowable(Float64Array);
  yield* walkTurns(forest, {
    turn(r, _, own, sampled, made) {
      push(rollout, r);
      push(start, nodes.length);
      for (const n of own) push(nodes, n);
      push(tokens, sampled);
      push(calls, made.length);
    },
    result: () => undefined,
  });
  push(start, nodes.length);
  const { length } = rollout;
  return {
    length,
    rollout: rollout.data.slice(0, length),
    start: start.data.slice(0, length + 1),
    nodes: nodes.data.slice(0, nodes.length),
    tokens: tokens.data.slice(0, length),
    calls: calls.data.slice(0, length),
  };
}
