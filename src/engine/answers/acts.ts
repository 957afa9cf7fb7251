/** What the session says of acts. */
import type { ActVerb } from '../../core/acts/act.ts';

/** What a line names in the open log; parallel to the rule's acts. */
export interface ActFacts {
  /** Rollouts that its filter finds or that it names by key, or nodes that it names, without those below them; null: it names the other. */
  readonly rollouts: number | null;
  readonly nodes: number | null;
  /** Those of them that a later line says something else of, or that an earlier limit had left out. */
  readonly overruled: number;
  /** Keys that the open log lacks. */
  readonly elsewhere: number;
  /** Why its filter cannot be asked here: then it does nothing. */
  readonly fault: string | null;
}

export interface ActsAnswer {
  readonly lines: readonly ActFacts[];
  /** What all lines together come to; of how many. */
  readonly rollouts: {
    readonly total: number;
    readonly dropped: number;
    readonly untrained: number;
    /** Those that an export may write, where lines limit it; null: all. */
    readonly written: number | null;
  };
  /** Nodes that can be neither kept nor trained. */
  readonly excludedNodes: number;
}

/** What acts say of one node or rollout: the lines that decide, by their place in the rule's acts. */
export interface ActReason {
  readonly verb: ActVerb;
  readonly lines: readonly number[];
}
