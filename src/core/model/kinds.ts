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

export const NONE = -1;
