/** Sums of every rollout over its turns: calls, tools, results, and entropy by turn and by depth. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { nodeEntropy } from '../signal/entropy.ts';
import { makeCellWriter } from './cell-writer.ts';
import { binOf, decades } from './histogram.ts';
import type { Ratios } from './ratios.ts';
import { walkTurns } from './turn-table.ts';

/** Ratios in bins: cell i is about [at[i], at[i + 1]). */
export interface Binned {
  readonly at: Float64Array;
  readonly ratios: Ratios;
}

/** Columns by rollout, and ratios over them. */
export interface TurnMeasures {
  readonly turns: Float64Array;
  /** Tokens of all turns. */
  readonly sampled: Float64Array;
  readonly calls: Float64Array;
  /** Turns with at least one call. */
  readonly callingTurns: Float64Array;
  readonly results: Float64Array;
  /** Results that the log marks as errors. */
  readonly errors: Float64Array;
  /** Share of turns, by how many calls they make. */
  readonly callsInTurn: Binned;
  /** Share of turns, by their tokens. */
  readonly tokensInTurn: Binned;
  /** Cells are the forest's tools: share of calls, and share of results that are errors. */
  readonly toolCalls: Ratios;
  readonly toolErrors: Ratios;
  /** Mean entropy in nats of sampled tokens: by number of the turn from 1, and by tokens above. */
  readonly entropyByTurn: Binned;
  readonly entropyByDepth: Binned;
}

/** 1 to 20 one by one, then in steps of 1, 2 and 5. */
const TURNS = Float64Array.from([
  ...Array.from({ length: 21 }, (_, i) => i + 1),
  ...decades(1e9)
    .filter((edge) => edge >= 50)
    .map((edge) => edge + 1),
]);
const CALLS = Float64Array.from([0, 1, 2, 3, 4, ...decades(1e9).filter((edge) => edge >= 5)]);
/** Shorter steps would be the prompt of nearly every log. */
const DEPTHS = Float64Array.from([0, ...decades(2 ** 31).filter((edge) => edge >= 100)]);
const TOKENS = decades(2 ** 31);

/** O(nodes over all trajectories + tokens); yields the share that is done. @param model entropy by a language model, or null */
export function* measureTurns(forest: Forest, rollouts: number, model: Float32Array | null): Generator<number, TurnMeasures> {
  const column = (): Float64Array<ArrayBuffer> => new Float64Array(rollouts);
  const [turns, sampled, calls, callingTurns, results, errors] = [column(), column(), column(), column(), column(), column()];
  const writer = () => makeCellWriter(rollouts);
  const [callsInTurn, tokensInTurn, toolCalls, byTurn, byDepth] = [writer(), writer(), writer(), writer(), writer()];
  const toolErrors = writer();
  const used = { calls: 0, tokens: 0, turn: 0, depth: 0 };
  const entropy = nodeEntropy(forest, 'sum', model);
  const addDepth = (rollout: number, n: number): void => {
    const from = forest.edgeStart[n];
    const first = binOf(DEPTHS, forest.depth[n]);
    const last = binOf(DEPTHS, forest.depth[n] + forest.edgeStart[n + 1] - from - 1);
    used.depth = Math.max(used.depth, last + 1);
    if (first === last) {
      byDepth.add(rollout, first, entropy.sum[n], entropy.known[n]);
      return;
    }
    for (let i = from; i < forest.edgeStart[n + 1]; i++) {
      const value = entropy.by.valueOf(i, n);
      if (!Number.isNaN(value)) byDepth.add(rollout, binOf(DEPTHS, forest.depth[n] + i - from), value, 1);
    }
  };
  yield* walkTurns(forest, {
    turn(rollout, number, nodes, tokens, made) {
      turns[rollout]++;
      sampled[rollout] += tokens;
      calls[rollout] += made.length;
      if (made.length > 0) callingTurns[rollout]++;
      const size = binOf(TOKENS, tokens);
      const many = binOf(CALLS, made.length);
      const turn = binOf(TURNS, number + 1);
      used.tokens = Math.max(used.tokens, size + 1);
      used.calls = Math.max(used.calls, many + 1);
      used.turn = Math.max(used.turn, turn + 1);
      tokensInTurn.add(rollout, size, 1, 0);
      callsInTurn.add(rollout, many, 1, 0);
      for (const n of made) if (forest.tool[n] !== NONE) toolCalls.add(rollout, forest.tool[n], 1, 0);
      for (const n of nodes) {
        if (entropy.known[n] === 0) continue;
        byTurn.add(rollout, turn, entropy.sum[n], entropy.known[n]);
        addDepth(rollout, n);
      }
    },
    result(rollout, n, isError) {
      results[rollout]++;
      if (isError) errors[rollout]++;
      if (forest.tool[n] !== NONE) toolErrors.add(rollout, forest.tool[n], isError ? 1 : 0, 1);
    },
  });
  const binned = (at: Float64Array, cells: number, ratios: Ratios): Binned => ({ at: at.subarray(0, cells + 1), ratios });
  return {
    turns,
    sampled,
    calls,
    callingTurns,
    results,
    errors,
    callsInTurn: binned(CALLS, used.calls, callsInTurn.finish(used.calls, turns)),
    tokensInTurn: binned(TOKENS, used.tokens, tokensInTurn.finish(used.tokens, turns)),
    toolCalls: toolCalls.finish(forest.tools.length, calls),
    toolErrors: toolErrors.finish(forest.tools.length),
    entropyByTurn: binned(TURNS, used.turn, byTurn.finish(used.turn)),
    entropyByDepth: binned(DEPTHS, used.depth, byDepth.finish(used.depth)),
  };
}
