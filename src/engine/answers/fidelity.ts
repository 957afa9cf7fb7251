/** What an export keeps of what the full set would train. */
import type { GradientAnswer, GradientWhyNot } from './gradient.ts';
import type { Pair } from './pruning.ts';

export interface TaskFidelity {
  readonly task: string;
  /** Share of its distinct tokens that the cut keeps, and of its sampled tokens that carry loss, 0..1. */
  readonly tokens: number;
  readonly training: number;
  /** Share of its signal that the cut keeps, 0..1; null where it has none. */
  readonly signal: number | null;
  /** Final turns of rollouts. */
  readonly endings: Pair;
}

export interface Fidelity {
  /** Of what the records train, with their weights, against flat training of everything; null: `why`. */
  readonly gradient: GradientAnswer | null;
  readonly why: Exclude<GradientWhyNot, 'pending'> | null;
  /** (Σw)²/Σw² over distinct tokens with loss, w being the sum of a token's weights over the records; before: of coefficients. */
  readonly effectiveTokens: Pair;
  readonly endings: Pair;
  /** Rollouts whose tokens are all kept, of all. */
  readonly wholeRollouts: Pair;
  /** Tasks with some token of loss, of those with sampled tokens. */
  readonly tasksTrained: Pair;
  readonly tasks: readonly TaskFidelity[];
  /**
   * Σ weight × mean reward of the trajectories that carry loss there, over tokens, and the same over Σ weight: the reward that the
   * average unit of loss comes from. Null where no reward is known.
   */
  readonly reward: { readonly mass: Pair; readonly mean: Pair } | null;
}
