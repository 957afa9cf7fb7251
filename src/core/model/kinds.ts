/** Kinds of tokens, and the bits that a segment or node carries. */

/** What a run of tokens is. `memory` is a call whose tool matches the memory rules; `summary` is a compaction. */
export const KINDS = ['system', 'user', 'text', 'thinking', 'call', 'result', 'memory', 'summary', 'scaffold'] as const;
export type Kind = (typeof KINDS)[number];
/** Kind -> its index in `KINDS`, as stored in `kind` columns. */
export const KIND: Readonly<Record<Kind, number>> = {
  system: 0,
  user: 1,
  text: 2,
  thinking: 3,
  call: 4,
  result: 5,
  memory: 6,
  summary: 7,
  scaffold: 8,
};

/** Bits of a segment's or node's `flags`. */
export const FLAG = {
  /** The policy produced these tokens (node: in at least one trajectory). */
  sampled: 1,
  /**
   * A kept path must not end here: an event goes on after this segment, or a call made at or before it has its
   * result further down the same trajectory.
   */
  open: 2,
  /** A tool result that reports an error, or a turn that the log marks as an error. */
  error: 4,
  /** The last sampled turn of its rollout: submission, answer, finish call. */
  final: 8,
  /** Node only: trajectories disagree on kind or on `sampled` here; see `Forest.kinds` and `sampledCount`. */
  mixed: 16,
} as const;

/**
 * Bits of a segment's or node's `endings`: what is complete at its end. Bit k: a segment of kind k. A segment that is written
 * in blocks is complete at the last of them, and one that a fork cuts short is not complete where it is cut.
 */
export const ENDING = {
  /** A segment with the flag `error`. */
  error: 1 << 9,
  /** The turn that ends a rollout. */
  final: 1 << 10,
  /** A turn that the policy ended: the last token of the segment or node is its end-of-turn token. */
  turn: 1 << 11,
} as const;

/** What is complete at the end of a whole segment of this kind with these flags; the end of a final turn is not among it. */
export function endingsOf(kind: number, flags: number): number {
  return (1 << kind) | ((flags & FLAG.error) !== 0 && kind !== KIND.scaffold ? ENDING.error : 0);
}

/** Half a call or half a result is none: a path never ends inside one. */
export function isAtomic(kind: number): boolean {
  return kind === KIND.call || kind === KIND.memory || kind === KIND.result;
}

export const NONE = -1;
