/** The tokens of which a figure is largest, and the most frequent forks. */
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { EntropySource } from '../../core/signal/entropy-source.ts';

/** `mismatch`: log p by the language model that scored the log, less log p by the sampler; ranked by its size. */
export const MEASURES = ['entropy', 'surprisal', 'mismatch'] as const;
export type TokenMeasure = (typeof MEASURES)[number];

/** A place in the token tree, and a trajectory through it to read it in. */
export interface TreePlace {
  /** Row of `TaskTable`. */
  readonly task: number;
  readonly node: NodeKey;
  readonly rollout: RolloutKey;
  readonly branch: number;
}

export interface TopTokenRow extends TreePlace {
  /** Its number among the node's tokens. */
  readonly offset: number;
  readonly id: number;
  /** nats */
  readonly value: number;
  readonly source: EntropySource;
  readonly kind: Kind;
  readonly tool: string | null;
  /** Turns of the policy begun up to it. */
  readonly turn: number;
  /** Trajectories through its node, of those of the task. */
  readonly reach: number;
  readonly trajectories: number;
  readonly kept: boolean;
  /** Its weight over all records; 0: no loss. */
  readonly weight: number;
}

export interface TopTokensAnswer {
  readonly rows: readonly TopTokenRow[];
  /** Distinct sampled tokens, and those with a value: `rows` are the first of them. */
  readonly sampled: number;
  readonly known: number;
  /** The language model, where values rest on one. */
  readonly model: string | null;
}

/** What stands around a token. */
export interface TokenContext {
  readonly before: string;
  /** Spelt as \xNN where it is not whole UTF-8. */
  readonly token: string;
  readonly after: string;
}

export interface TopForkWay {
  readonly node: NodeKey;
  readonly kind: Kind;
  readonly tool: string | null;
  readonly count: number;
  /** Its first words; null where they cannot be decoded. */
  readonly words: string | null;
}

export interface TopForkRow extends TreePlace {
  /** What precedes the fork; null where it cannot be decoded. */
  readonly before: string | null;
  readonly turn: number;
  readonly reach: number;
  readonly trajectories: number;
  /** Trajectories that go another way than most, or end while others go on. */
  readonly parted: number;
  /** Most frequent first; the first of `wayCount`, and the trajectories on the others. */
  readonly ways: readonly TopForkWay[];
  readonly wayCount: number;
  readonly moreCount: number;
  readonly ending: number;
}

export interface TopForksAnswer {
  readonly rows: readonly TopForkRow[];
  readonly of: number;
}
