/** What pruning is given: the forest, what each node is worth, and the rule that turns it into an order. */

import type { ActedNodes } from '../acts/resolve.ts';
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import type { WholeLog } from '../signal/whole-log.ts';
import type { TokenSignals } from './token-signals.ts';

/** Node columns are parallel to the forest's nodes, trajectory columns to its trajectory table. */
export interface PruneProblem {
  readonly forest: Forest;
  /** node -> signal S, additive, ≥ 0, with what is unknown filled in: what nodes are chosen by */
  readonly signal: Float64Array;
  /** node -> the part of it that is known: what "retained" counts. Absent: all is known. */
  readonly counted?: Float64Array;
  /** node -> importance under `rule.ranking`: what best-first ranks by */
  readonly importance: Float64Array;
  /** trajectory -> advantage under `rule.advantage`, NaN where unknown */
  readonly trajectoryAdvantage: Float64Array;
  /** trajectory -> reward, NaN where unknown */
  readonly trajectoryReward: Float64Array;
  readonly rule: PruneRule;
  /** Needed where the rule's train method chooses single tokens. */
  readonly tokens?: TokenSignals;
  /** Nodes that acts pin or favour; absent: none. */
  readonly acts?: ActedNodes | null;
  /** The log that the forest is a part of; absent: it is all of it. */
  readonly whole?: WholeLog | undefined;
}

/** Throws where a column does not fit the forest or a signal is not a finite number ≥ 0: both are bugs upstream. */
export function checkProblem(problem: PruneProblem): void {
  const { forest, signal, importance, trajectoryAdvantage, trajectoryReward } = problem;
  expectLength('signal', signal, forest.length);
  expectLength('importance', importance, forest.length);
  expectLength('trajectoryAdvantage', trajectoryAdvantage, forest.trajectories.length);
  expectLength('trajectoryReward', trajectoryReward, forest.trajectories.length);
  for (let n = 0; n < forest.length; n++) {
    if (!(signal[n] >= 0 && signal[n] < Infinity)) {
      throw new Error(`signal of node ${n}: expected a finite number ≥ 0, found ${signal[n]}`);
    }
    if (Number.isNaN(importance[n])) throw new Error(`importance of node ${n}: expected a number, found NaN`);
  }
}

function expectLength(name: string, column: Float64Array, length: number): void {
  if (column.length !== length) throw new Error(`${name}: expected ${length} entries, found ${column.length}`);
}

/** node -> what "retained" counts of it */
export function countedSignal({ counted, signal }: Pick<PruneProblem, 'counted' | 'signal'>): Float64Array {
  return counted ?? signal;
}

/** node -> number of its own tokens */
export function tokenCounts(forest: Forest): Float64Array {
  const tokens = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) tokens[n] = forest.edgeStart[n + 1] - forest.edgeStart[n];
  return tokens;
}

/** node -> its task */
export function nodeTasks(forest: Forest): Int32Array {
  const tasks = new Int32Array(forest.length);
  for (let t = 0; t + 1 < forest.treeStart.length; t++) {
    tasks.fill(t, forest.treeStart[t], forest.treeStart[t + 1]);
  }
  return tasks;
}
