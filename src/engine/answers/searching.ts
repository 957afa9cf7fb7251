/** What a session says of a filter: which rollouts it takes, and where in their texts its words stand. */
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Role } from '../../core/model/rollout.ts';

/** How far the texts have been looked through. */
export interface SearchProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | null;
  /** Rollouts that were looked at, of how many, and how many of them the filter takes. */
  readonly rollouts: number;
  readonly totalRollouts: number;
  readonly taken: number;
}

/** Rollouts whose texts could not be looked through: counted as without a match. */
export interface Unsearched {
  readonly rollouts: number;
  /** Of the first of them. */
  readonly why: string;
}

export interface Taken {
  readonly ok: true;
  /** rollout -> 1 where the filter takes it */
  readonly taken: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** task row -> rollouts of it that the filter takes */
  readonly byTask: Int32Array<ArrayBuffer>;
  /** rollout -> places in its texts, over all words and expressions of the filter; null: it has none */
  readonly hits: Int32Array<ArrayBuffer> | null;
  /** Of these, places in rollouts that the filter takes. */
  readonly places: number;
  /** Of every word and expression of the filter, over all rollouts. */
  readonly terms: readonly { readonly key: string; readonly rollouts: number; readonly hits: number }[];
  readonly unsearched: Unsearched | null;
}

/** A sentence, and the place in the filter's text that it is about. */
export interface NotTaken {
  readonly ok: false;
  readonly fault: string;
  readonly from: number;
  readonly to: number;
}

export type WhereAnswer = Taken | NotTaken;

/** One place in a text of a rollout, with what stands around it. */
export interface FoundPlace {
  /** Index into the words and expressions that were asked for. */
  readonly term: number;
  readonly branch: number;
  readonly event: number;
  readonly part: number;
  readonly role: Role;
  readonly kind: Kind;
  /** In the name of the tool that the part calls; else in the part's text. */
  readonly inName: boolean;
  /** UTF-16 units from the beginning of that text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** At most 80 units on either side, and 240 of the match. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export interface Hit extends FoundPlace {
  /** Of the token tree: the first node of the message's part that it is in; null where none is known. */
  readonly node: NodeKey | null;
}

/** The first places of a rollout. */
export interface RolloutHits {
  readonly rollout: number;
  /** All there are, of which `hits` holds the first. */
  readonly total: number;
  readonly hits: readonly Hit[];
}

/** What a filter says of the nodes of one task's tree. */
export interface FilterMarks {
  /** local node -> 1 where a rollout that the filter takes passes it */
  readonly passed: Uint8Array<ArrayBuffer>;
  /** Rollouts of the task, and how many of them the filter takes. */
  readonly rollouts: number;
  readonly taken: number;
  /** local node -> 1 where a word of the filter stands in it; null: the filter has no words, or the tree is not that of tokens */
  readonly hits: Uint8Array<ArrayBuffer> | null;
}
