/** One rollout as a conversation: columns by part, and what is asked for part by part. */
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey, NodeKeys } from '../../core/model/node-key.ts';
import type { Role } from '../../core/model/rollout.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { VersionRun } from '../../core/rollouts/token-versions.ts';
import type { WhyAnswer } from './looking.ts';

/** The order of `Transcript.role`. */
export const ROLES: readonly Role[] = ['system', 'user', 'assistant', 'tool'];

/** Bits of `Transcript.flags`. */
export const PART = {
  /** The policy wrote it. */
  sampled: 1,
  /** A result that reports an error, or a turn that the log marks as one. */
  error: 2,
  /** The log cuts its turn off. */
  truncated: 4,
  /** A call in the words of the message. */
  inline: 8,
  /** The first part of its event. */
  first: 16,
  /** Its tokens cannot be told from those of the parts beside it: its range is empty. */
  untold: 32,
} as const;

/** Characters of a body that are answered at a time, give or take the rest of a line. */
export const CHUNK = 8192;

export interface TranscriptBranch {
  readonly branch: number;
  /** Index of its trajectory, or NONE: nothing of it became tokens. */
  readonly trajectory: number;
  readonly tokens: number;
  readonly reward: number;
  /** Why it does not go on where the one before ends; null: the log does not say. */
  readonly cause: string | null;
}

/** The nodes of the token tree that a branch runs through, root first. */
export interface TranscriptPath {
  readonly length: number;
  /** step -> its first token in the trajectory; length + 1 entries */
  readonly start: Int32Array;
  readonly keys: NodeKeys;
  /** step -> index into KINDS */
  readonly kind: Uint8Array;
  /** step -> trajectories of the task through it */
  readonly reach: Int32Array;
}

export interface TranscriptVersions {
  /** What they are compared with. */
  readonly target: number;
  /** Runs of tokens, each from where the one before ends. */
  readonly runs: readonly VersionRun[];
}

/** What of a rollout fits in memory whatever its length: no text. One row per part; an event without parts has one empty row. */
export interface Transcript {
  readonly key: RolloutKey;
  readonly id: string;
  readonly task: string;
  readonly taskLabel: string;
  readonly status: string;
  readonly policy: string;
  readonly reward: number;
  readonly file: string;
  readonly line: number;
  readonly branches: readonly TranscriptBranch[];
  /** The branch that the rows are of. */
  readonly branch: number;
  /** Trajectories of its task. */
  readonly trajectories: number;
  /** Where the text is from: the log's messages, decoded tokens, or nowhere; then `why` says why not. */
  readonly textFrom: 'log' | 'tokens' | 'nowhere';
  readonly why: string | null;
  readonly length: number;
  /** part -> its event */
  readonly event: Int32Array;
  /** part -> index into ROLES */
  readonly role: Uint8Array;
  /** part -> index into KINDS */
  readonly kind: Uint8Array;
  /** part -> bits as in `PART` */
  readonly flags: Uint8Array;
  /** part -> index into `tools`, or NONE */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** call -> its result, result -> its call, or NONE */
  readonly partner: Int32Array;
  /** part -> turns of the policy begun up to it, its own included */
  readonly turn: Int32Array;
  /** part -> characters (UTF-16 units) and bytes (UTF-8) of its text */
  readonly characters: Int32Array;
  readonly bytes: Float64Array;
  readonly images: Int32Array;
  /** part -> its first token in the trajectory; length + 1 entries, which tile it */
  readonly tokenStart: Int32Array;
  readonly path: TranscriptPath;
  /** By which versions of the policy its tokens were sampled; null: the log tells none as numbers. */
  readonly versions: TranscriptVersions | null;
  /** Steps of the path after which trajectories part or end while others go on, root first. */
  readonly forks: Int32Array;
}

/** Part of a body. Chunks of a body follow each other without a gap; they end at line ends where there are any. */
export interface TranscriptBody {
  readonly part: number;
  readonly chunk: number;
  readonly chunks: number;
  /** In characters of the body. */
  readonly from: number;
  readonly to: number;
  /** Bytes (UTF-8) up to `to`. */
  readonly bytesTo: number;
  readonly text: string;
  /** Those whose place is in this chunk. */
  readonly images: readonly TranscriptImage[];
}

export interface TranscriptImage {
  /** Where its placeholder lies in the body; empty: it has none. */
  readonly start: number;
  readonly end: number;
  /** For example `image/png`; null where the log does not say. */
  readonly type: string | null;
  /** The picture itself where the log holds one that is shown; else null, and `note` says what is there. */
  readonly data: Uint8Array<ArrayBuffer> | null;
  readonly note: string;
}

/** One way that trajectories take at a fork. */
export interface ForkWay {
  readonly node: NodeKey;
  readonly kind: Kind;
  readonly tool: string | null;
  /** What comes there first, on one line and cut; null where it cannot be read. */
  readonly words: string | null;
  readonly count: number;
  /** Mean over its trajectories with one, NaN where none has. */
  readonly reward: number;
  /** A trajectory that goes there. */
  readonly rollout: RolloutKey;
  readonly branch: number;
}

export interface TranscriptFork {
  /** Of the path. */
  readonly step: number;
  /** Trajectories that are together up to here. */
  readonly together: number;
  /** The way that this branch takes; null where it ends here. */
  readonly own: ForkWay | null;
  /** Most frequent first. */
  readonly others: readonly ForkWay[];
  /** Ways beyond those, and trajectories on them. */
  readonly moreWays: number;
  readonly moreCount: number;
  /** Trajectories that end here. */
  readonly ending: number;
  readonly endingReward: number;
}

/** Under an order and a budget, by step of the path. */
export interface TranscriptState {
  /** step -> 1: kept */
  readonly kept: Uint8Array;
  /** step -> share of its sampled tokens that carry loss; NaN: the policy did not write it */
  readonly trained: Float32Array;
  /** step -> mean entropy of its sampled tokens with a value, nats; NaN: none has one */
  readonly entropy: Float32Array;
  /** The first step that is dropped, or NONE; and why. */
  readonly cutStep: number;
  readonly why: WhyAnswer | null;
}

/** Tokens of a branch, as columns; what is unknown is NaN. */
export interface TranscriptTokens {
  /** First token in the trajectory. */
  readonly from: number;
  readonly length: number;
  readonly ids: Int32Array;
  /** token -> its text, spelt as \xNN where it is not whole UTF-8; null: no tokenizer at hand can decode the ids */
  readonly texts: readonly string[] | null;
  /** token -> nats */
  readonly entropy: Float32Array;
  /** token -> index into ENTROPY_SOURCES */
  readonly source: Uint8Array;
  readonly surprisal: Float32Array;
  /** What a language model gives the token, nats. */
  readonly modelSurprisal: Float32Array;
  /** Its name; null: none has scored the log. */
  readonly model: string | null;
  /** What its entropies are multiplied by, to fit the log. */
  readonly modelScale: number;
  /** token -> log-prob by the trainer less that by the sampler, both as this rollout logged them, nats */
  readonly mismatch: Float32Array;
  /** token -> as logged, else that of its trajectory */
  readonly advantage: Float32Array;
  /** token -> 1: the policy wrote it in this trajectory */
  readonly sampled: Uint8Array;
  /** token -> weight over all records, 0: no loss; NaN: nobody sampled it, or no order is named */
  readonly weight: Float32Array;
}

/** What a server logged of a token: the log's own token that begins nearest before it, and what else was likely there. */
export interface TokenAlternatives {
  readonly text: string;
  /** Nats; NaN unknown. */
  readonly logprob: number;
  /** Most likely first, as many as are logged. */
  readonly alternatives: readonly { readonly text: string; readonly logprob: number }[];
}
