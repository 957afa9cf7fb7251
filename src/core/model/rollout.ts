/** A rollout: the normal form that every format decodes to. An object only until the token stage; then columns. */
import type { Kind } from './kinds.ts';
import type { RolloutReference } from './side-facts.ts';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** An image in a part. In `text` a placeholder stands for it from `start` to `end`, which may be equal: no placeholder. */
export interface PartImage {
  readonly start: number;
  readonly end: number;
  /** The entry of the message's content as the log has it; its bytes are not looked at. */
  readonly entry: unknown;
}

/** A piece of an event that has one kind. */
export interface Part {
  readonly kind: Kind;
  /** The text as the model read or wrote it. For a call: its arguments as one JSON text. */
  readonly text: string;
  /** Tool name, for calls and (where known) results. */
  readonly tool?: string;
  /** Links a call with its result. Random per call in most logs, hence never part of a merge key. */
  readonly callId?: string;
  readonly error?: boolean;
  /** In the order of their places; tokens know only their placeholders. */
  readonly images?: readonly PartImage[];
  /**
   * A call that the message holds in its own words (a command in a code fence): `text` is those words, spelled as they
   * stand, and an export leaves them in the message's content.
   */
  readonly inline?: boolean;
  /**
   * How many of the event's `tokens.ids` this part covers. Parts are in the order of the ids; either every part of
   * an event has a count and the counts add up to the number of ids, or none has (then one kind holds for all).
   */
  readonly tokenCount?: number;
}

/**
 * What the log says about the tokens of one event. `ids` covers the event completely, template scaffold included;
 * `texts` covers what was sampled. Per-token arrays are parallel to `ids` (or to `texts` where there are no ids)
 * and hold NaN where the log has no value: the format has already resolved the log's own alignment.
 */
export interface LoggedTokens {
  readonly ids?: ArrayLike<number>;
  readonly texts?: readonly string[];
  /** 1 = sampled. Absent: the event's own `sampled` holds for all its tokens. */
  readonly mask?: ArrayLike<number>;
  readonly logprobs?: ArrayLike<number>;
  /** Full entropy of the next-token distribution, nats. */
  readonly entropy?: ArrayLike<number>;
  /** Bounds on entropy from top-k log-probs, nats (method: signals). */
  readonly entropyLow?: ArrayLike<number>;
  readonly entropyHigh?: ArrayLike<number>;
  readonly advantages?: ArrayLike<number>;
  /** Version of the policy that sampled it, below 0 or NaN where the log has none. */
  readonly versions?: ArrayLike<number>;
  /** What the format found in place of numbers, and left out. */
  readonly faults?: readonly NumberFault[];
}

/** Entries of a log that cannot be the numbers that are wanted there. */
export interface NumberFault {
  readonly expected: string;
  readonly count: number;
  /** The first of them, for people. */
  readonly first: string;
  /** They lie so little outside of what can be that the limit counts. */
  readonly rounded?: true;
}

/** One entry of a rollout: a message with its parts. */
export interface RolloutEvent {
  readonly role: Role;
  /** The policy produced it. Not the same as role = assistant: demonstrations and replayed history are not sampled. */
  readonly sampled: boolean;
  readonly parts: readonly Part[];
  /**
   * The policy was stopped before it had ended the turn: by a limit of tokens, or in mid-thought. The turn has no end mark to
   * learn, and what comes of it is no complete message.
   */
  readonly truncated?: true;
  /** The log shows that nothing was said in it: an empty text of logged ids is not one that the log lacks. */
  readonly empty?: true;
  readonly tokens?: LoggedTokens;
  /** Seconds since the epoch; where `seconds` is known too, when its making ended. */
  readonly time?: number;
  /** How long its making took, where the log says so: of the call of the model, of the tool. */
  readonly seconds?: number;
  /** How long before that it had been asked for and waited, as for a limit of rates. */
  readonly waited?: number;
  /** Version of the policy that sampled it, as logged. */
  readonly policy?: string;
}

/**
 * One token sequence of a rollout. A rollout has several when a model call's prompt does not extend the
 * earlier prompt + completion (compaction, sub-agents, dropped reasoning, rewritten history).
 */
export interface Branch {
  readonly events: readonly RolloutEvent[];
  readonly reward?: number;
  readonly advantage?: number;
  /** Why this branch is not a continuation of the one before: 'rewrite' | 'compaction' | 'sub-agent' | ... */
  readonly cause?: string;
}

/** One recorded episode, as the log holds it. */
export interface Rollout {
  readonly id: string;
  /** What the log calls it in every record of it, where `id` is of the record; absent: `id` does. */
  readonly episode?: string;
  /** Equal for rollouts of one task: an explicit id, or a hash of the prompt. Prefixed with its scope where ids are local. */
  readonly task: string;
  /** For people; defaults to `task`. */
  readonly taskLabel?: string;
  readonly reward: number | null;
  readonly rewardParts?: Readonly<Record<string, number>>;
  readonly advantage?: number;
  readonly status?: string;
  readonly policy?: string;
  /** Seconds since the epoch. */
  readonly startedAt?: number;
  /** JSON text of tool definitions: a list of `{type: "function", function: {name, description?, parameters?}}` for any log. */
  readonly tools?: string;
  /** Name of the tokenizer that made the logged ids, where the log names it. */
  readonly tokenizer?: string;
  /** What it handed in, such as a patch, where the log keeps that beside the conversation; '' = it handed in nothing. */
  readonly submission?: string;
  /** What its record says would have been right; nothing of it becomes tokens. */
  readonly reference?: RolloutReference;
  readonly branches: readonly Branch[];
}
