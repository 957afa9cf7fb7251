/** The frozen trees of all tasks in one set of columns. Nobody writes to them after `freeze` has returned them. */
import type { Channel } from './batch.ts';
import type { NodeKeys } from './node-key.ts';

/** One row per trajectory, in the order of the inputs (source, byte offset, member, branch), whatever the order of arrival. */
export interface TrajectoryTable {
  readonly length: number;
  /** trajectory -> rollout */
  readonly rollout: Int32Array;
  /** trajectory -> position among its rollout's branches */
  readonly branch: Int32Array;
  /** trajectory -> node that holds its last token */
  readonly leaf: Int32Array;
  /** trajectory -> number of tokens */
  readonly tokenCount: Int32Array;
  /** trajectory -> reward of its rollout (or of the branch), NaN where unknown */
  readonly reward: Float64Array;
  /** trajectory -> reward relative to ground truths, NaN where unknown; absent: the rule goes by `reward` (`core/signal/ruled-reward`) */
  readonly relative?: Float64Array;
  /** trajectory -> advantage as logged, NaN where unknown */
  readonly advantage: Float64Array;
  /** trajectory -> its first entry of `sampledRuns`; length + 1 entries */
  readonly sampledStart: Int32Array;
  /** Pairs [from, to) of token positions in the trajectory that it sampled; ascending, and none touches the next. */
  readonly sampledRuns: Int32Array;
  /** trajectory -> 1: it may carry loss; absent: all may (`core/tree/outcome`) */
  readonly learners?: Uint8Array;
  /** trajectory -> 1: acts dropped it, so it is not in `trajectoryOrder`; absent: none (`core/acts`) */
  readonly excluded?: Uint8Array;
  /** trajectory -> 1: acts dropped its end, and `leaf` is the last node that remains; absent: none */
  readonly cutShort?: Uint8Array;
}

/** Mean over the trajectories that logged a value for the token; null = no trajectory did; NaN = not this token. */
export type TokenChannels = Readonly<Record<Channel, Float32Array | null>>;

/**
 * The trajectories of every task, merged on shared prefixes: one tree per task and one node per maximal run of
 * tokens shared by exactly the same trajectories and lying in one segment.
 *
 * Rows are in depth-first pre-order, task after task by key; siblings are ordered by their first key, hence independent
 * of the order of arrival. A task has one root per distinct first token (normally one). Four families of intervals
 * are contiguous:
 *   nodes         tree of task t  = [treeStart[t], treeStart[t+1])
 *                 subtree of n    = [n, subtreeEnd[n])
 *   tokens        run of n        = edgeTokens[edgeStart[n] .. edgeStart[n+1])
 *   trajectories  through n       = trajectoryOrder[reachStart[n] .. reachStart[n] + reachCount[n])
 */
export interface Forest {
  readonly length: number;
  /** node -> node | NONE */
  readonly parent: Int32Array;
  /** node -> node, exclusive */
  readonly subtreeEnd: Int32Array;
  /** length + 1 offsets into edgeTokens */
  readonly edgeStart: Int32Array;
  /** keys: token ids, or interned actions */
  readonly edgeTokens: Int32Array;
  /** node -> tokens above it */
  readonly depth: Int32Array;
  /** node -> trajectories through it, g(n) */
  readonly reachCount: Int32Array;
  readonly reachStart: Int32Array;
  /** node -> trajectories in which it was sampled */
  readonly sampledCount: Int32Array;
  /** node -> index into KINDS (the kind most trajectories give it; ties: the lowest index) */
  readonly kind: Uint8Array;
  /** node -> bit per kind that any trajectory gives it */
  readonly kinds: Uint16Array;
  readonly flags: Uint8Array;
  /** node -> bits as in `ENDING`: what is complete at its end in at least one trajectory */
  readonly endings: Uint16Array;
  /** node -> index into tools | NONE */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** task -> first node; tasks + 1 entries */
  readonly treeStart: Int32Array;
  /** task -> first entry of trajectoryOrder; tasks + 1 entries. K of a task is the difference of neighbours. */
  readonly trajectoryStart: Int32Array;
  /** trajectories in depth-first order of their leaves; those of one leaf by what they are, see `compareEnds` */
  readonly trajectoryOrder: Int32Array;
  readonly trajectories: TrajectoryTable;
  readonly channels: TokenChannels;
  /** node -> largest standard deviation of surprisal among its tokens across trajectories; null without surprisal */
  readonly surprisalSpread: Float32Array | null;
  /** What names each node beyond this forest: two entries per node. */
  readonly keys: NodeKeys;
  /** node -> 1: acts dropped it: it can be neither kept nor trained, and counts nowhere; absent: none (`core/acts`) */
  readonly excluded?: Uint8Array;
  /** The forest before acts dropped anything: the groups in which advantages are computed. */
  readonly before?: Forest;
}

export interface TaskRow {
  readonly key: string;
  readonly label: string;
}
