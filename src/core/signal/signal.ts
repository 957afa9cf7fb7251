/** What a signal is: what a sampled token is worth. A member is one file in `signals/` and a line in `signals.ts`. */
import type { Forest } from '../model/forest.ts';
import type { WholeLog } from './whole-log.ts';

/** Columns by edge token that a language model computed; NaN: not computed. */
export interface TokenScores {
  readonly entropy: Float32Array;
  readonly surprisal: Float32Array;
  /** ‖p − 1_y‖² of the token y */
  readonly gradient?: Float32Array | null;
}

/** A column that a person brought along. */
export interface ImportedScores {
  /** As its file names it. */
  readonly name: string;
  /** edge token -> value, NaN: none */
  readonly values: Float32Array;
}

/** What values come from. */
export interface SignalSource {
  readonly forest: Forest;
  readonly model: TokenScores | null;
  readonly imported: ImportedScores | null;
  /** The log that the forest is a part of; absent: it is all of it. */
  readonly whole?: WholeLog | undefined;
}

/** Value of the edge token `at` of a sampled node; NaN: unknown. */
export type TokenValues = (at: number, node: number) => number;

export interface TokenSignal<Id extends string = string> {
  /** As manifests, flags and addresses spell it. */
  readonly id: Id;
  readonly label: string;
  /** One sentence, with the source where there is one. */
  readonly help: string;
  readonly unit: string;
  /** Null where no token can have a value. */
  readonly values: (source: SignalSource) => TokenValues | null;
  /** Id of the signal that stands in where no token has a value of this one, before the last resort. */
  readonly otherwise?: string;
  /** Tokens are drawn with probability proportional to their weight × this; `value` is ≥ 0. */
  readonly amplitude: (value: number) => number;
}

export const itself = (value: number): number => value;
