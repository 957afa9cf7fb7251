/** What a pruning strategy is: a name, what it does, and an order of the units that no pin demands. */
import type { Region } from './frontier-order.ts';
import type { Heads } from './heads.ts';
import type { PruneProblem } from './problem.ts';
import type { Units } from './units.ts';

/** What a strategy orders. */
export interface StrategyInput {
  readonly problem: PruneProblem;
  readonly units: Units;
  /** The units to order: those that are not mandatory. */
  readonly rest: Region;
  readonly seed: number;
  /** unit -> block of equal treatment; a strategy that makes none leaves it as it is */
  readonly blockOf: Int32Array;
  /** unit -> 1: no budget ends between it and the next of the order. A strategy that takes units one by one leaves it as it is. */
  readonly goesOn: Uint8Array;
  /** Where orders of parts are merged: what a strategy that is `mergeable` took each unit by. */
  readonly heads: Heads | null;
}

export interface PruneStrategy<Id extends string = string> {
  /** As manifests, flags and addresses spell it. */
  readonly id: Id;
  readonly label: string;
  /** One sentence, with the source where there is one. */
  readonly help: string;
  /** Drawn for comparison; nobody is expected to train on it. */
  readonly isBaseline: boolean;
  /** The order of one task depends on which others there are, so a log cannot be pruned in parts. */
  readonly acrossTasks?: boolean;
  /** It says what it took each unit by (`heads`), so that a log that is pruned in parts can have one budget for all tasks. */
  readonly mergeable?: boolean;
  /** Names by which earlier files and links call it. */
  readonly formerly?: readonly string[];
  /** What chance gives: several seeds of it are drawn as one band beside every strategy. Of one strategy only. */
  readonly isBand?: boolean;
  /**
   * How its curve is drawn beside the chosen one's; absent: not at all. `rival`: of all rivals, the last that is not
   * chosen is drawn.
   */
  readonly line?: 'rival' | 'dashed' | 'dotted';
  /** The units of `rest`, parents first. */
  readonly order: (input: StrategyInput) => Int32Array;
}
