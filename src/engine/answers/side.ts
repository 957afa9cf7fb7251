/** Two rollouts side by side, aligned by what they do. */
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Role } from '../../core/model/rollout.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';

export interface SideRollout {
  readonly key: RolloutKey;
  readonly id: string;
  /** Row of `TaskTable`. */
  readonly task: number;
  readonly status: string;
  readonly policy: string;
  /** NaN unknown */
  readonly reward: number;
  readonly file: string;
  readonly line: number;
  /** The branch that is aligned, and how many there are. */
  readonly branch: number;
  readonly branches: number;
  readonly tokens: number;
  /** Steps of its trajectory in the action tree. */
  readonly steps: number;
}

/** What two partners have in common. */
export const PAIRING = { alone: 0, near: 1, equal: 2 } as const;

export interface SideAnswer {
  readonly left: SideRollout;
  readonly right: SideRollout;
  /**
   * row -> step of the rollout, NONE: it has none there. What comes before the first step is step −2 (`BEFORE`), and what follows the last
   * one is −3 (`AFTER`).
   */
  readonly leftStep: Int32Array<ArrayBuffer>;
  readonly rightStep: Int32Array<ArrayBuffer>;
  /** row -> as in `PAIRING`; of what comes before and after, by its text */
  readonly pairing: Uint8Array<ArrayBuffer>;
  /** row -> Jaccard similarity of the words of a near pair; NaN elsewhere */
  readonly similarity: Float32Array<ArrayBuffer>;
  /** The first row with a step that is not the same in both, or NONE. */
  readonly firstDifference: number;
  readonly equal: number;
  readonly near: number;
  readonly aloneLeft: number;
  readonly aloneRight: number;
  /** Steps of either that are aligned together at the least cost; longer ones are aligned in stretches. */
  readonly aligned: number;
  readonly inStretches: boolean;
  /** Why near pairs were not looked for: a log without text; null: they were. */
  readonly whyNoText: string | null;
}

export const BEFORE = -2;
export const AFTER = -3;

/** A part of a message, in one of the two or in both. */
export interface SidePart {
  readonly kind: Kind;
  readonly role: Role;
  readonly tool: string | null;
  readonly isError: boolean;
  /** [text, it is not in the partner], in order; cut at `MOST_SHOWN`. */
  readonly runs: readonly (readonly [text: string, isChanged: boolean])[];
  /** Characters (UTF-16 units) of all of it, and of what is here. */
  readonly characters: number;
  readonly shown: number;
}

export interface SideTexts {
  readonly row: number;
  readonly left: readonly SidePart[];
  readonly right: readonly SidePart[];
  /** Some text is longer than what is compared. */
  readonly isCut: boolean;
  /** Node of the token tree in which the step ends. */
  readonly leftNode: NodeKey | null;
  readonly rightNode: NodeKey | null;
}
