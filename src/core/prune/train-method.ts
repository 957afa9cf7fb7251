/** What a train method is: a name, and how it values tokens; and what every method gives to whoever counts or writes. */
import type { Forest } from '../model/forest.ts';
import type { Cut } from './cut.ts';
import type { TokenSignals } from './token-signals.ts';

export interface WorthInput {
  readonly forest: Forest;
  readonly signals: TokenSignals;
  /** node -> times that protection has its signal count when nodes are ranked */
  readonly favour: Float64Array;
}

/**
 * How single tokens are chosen. `largest`: those worth most, to the token. `drawn`: each at random with a probability in
 * proportion to its worth, and its coefficient divided by it.
 */
export interface TokenChoice {
  readonly take: 'largest' | 'drawn';
  /** What a token of a sampled node is worth; NaN comes last. Equals are told apart by seeded random bits. */
  readonly worth: (input: WorthInput) => (at: number, node: number) => number;
}

export interface TrainMethod<Id extends string = string> {
  /** As manifests, flags and addresses spell it. */
  readonly id: Id;
  readonly label: string;
  /** One sentence, with the source where there is one. */
  readonly help: string;
  /** Null: whole nodes are chosen. */
  readonly tokens: TokenChoice | null;
}

/**
 * Where the tokens of a kept sampled node stand in the choice of what carries loss.
 * `rank`: whole nodes of the cut (of its task, where each has its own budget) in train order: this one, how many the budget reaches.
 * `worth`: single tokens by what they are worth, the least and the largest of the node's, and what the budget reaches.
 * `draw`: the least and the largest probability π of them. `pinned`: they come before all others.
 */
export type TrainPlace =
  | { readonly by: 'rank'; readonly rank: number; readonly reach: number; readonly of: number; readonly pinned: boolean }
  | { readonly by: 'worth'; readonly low: number; readonly high: number; readonly threshold: number | null; readonly pinned: boolean }
  | { readonly by: 'draw'; readonly low: number; readonly high: number; readonly pinned: boolean };

/** Which tokens carry loss at one budget. */
export interface TrainSet {
  /** Tokens that carry loss, each counted once. */
  readonly tokens: number;
  /** Their part of the signal, as far as it is known, whatever the factors: a node's is shared out over its tokens by their values. */
  readonly signal: number;
  /** Of that many tokens the draw takes about as many; equals `tokens` where nothing is drawn. */
  readonly expected: number;
  /** Tokens that may carry loss. */
  readonly budget: number;
  /** Where each task has its own budget: task -> the same of it. */
  readonly budgets?: readonly Pick<TrainSet, 'tokens' | 'signal' | 'expected' | 'budget' | 'pinsUnmet'>[];
  /**
   * Tokens worth more than this carry loss; or, where they are drawn, each with a probability of this times its worth over the
   * mean worth. Of tokens that are not pinned, where there are any. Null: whole nodes, nothing, everything, or not known.
   */
  readonly threshold: number | null;
  /** Sampled tokens of pinned nodes in the cut, where they exceed the tokens that they may have; else null. */
  readonly pinsUnmet: { readonly pinned: number; readonly budget: number } | null;
  /** Single tokens may be chosen, so factors matter. */
  readonly byToken: boolean;
  /** Tokens of a node that carry loss; 0 where it is dropped or not sampled. O(tokens of the node). */
  readonly trainedOf: (node: number) => number;
  /**
   * Writes by how much the coefficient of each of a node's tokens is multiplied into `out` from `from` on: 0 = no loss.
   * @returns how many carry loss
   */
  readonly factorsOf: (node: number, out: Float32Array, from: number) => number;
  /** Null where the node is dropped or not sampled. O(nodes) for whole nodes, else O(tokens of the node): for one node at a time. */
  readonly placeOf: (node: number) => TrainPlace | null;
}

/** Everything about the train target that does not depend on a budget. */
export interface TrainPlan {
  /** @param sampledTokens sampled tokens in the cut. @param trainShare 0..1 of them */
  readonly choose: (cut: Cut, sampledTokens: number, trainShare: number) => TrainSet;
  /** The kept nodes of the first `end` rows of the train order, as a whole that this is a part of decides; null where tokens are chosen. */
  readonly upTo: ((cut: Cut, end: number) => TrainSet) | null;
  /** Sampled tokens that pins demand where nothing is cut, out of all sampled tokens; each counted once. */
  readonly pins: { readonly tokens: number; readonly of: number };
}
