/** One order of units per strategy: the mandatory ones first, by importance, then the rest as the strategy says. */
import { NONE } from '../model/kinds.ts';
import type { Strategy } from '../model/rule.ts';
import { frontierOrder } from './frontier-order.ts';
import type { Heads } from './heads.ts';
import type { PruneProblem } from './problem.ts';
import { STRATEGIES } from './strategies.ts';
import type { Units } from './units.ts';

export interface UnitOrder {
  /** All units, parents first. */
  readonly order: Int32Array;
  /** Units at the front that pins demand. */
  readonly mandatory: number;
  /** unit -> block of equal treatment in the density order, numbered from the front; NONE: mandatory, or no blocks */
  readonly blockOf: Int32Array;
  /** unit -> 1: no budget ends between it and the next unit of the order */
  readonly goesOn: Uint8Array;
}

/**
 * The order over all tasks together; restricted to one task it is that task's own order. Throws for a strategy that is not registered.
 * @param heads takes what units are taken by, where the strategy is `mergeable`
 */
export function orderUnits(problem: PruneProblem, units: Units, strategy: Strategy, seed: number, heads: Heads | null = null): UnitOrder {
  const found = STRATEGIES.find(({ id }) => id === strategy);
  if (found === undefined) throw new Error(`expected a strategy, found ${strategy}`);
  const pinned = frontierOrder(units, units.importance, { part: units.mandatory, value: 1 }, heads);
  const blockOf = new Int32Array(units.length).fill(NONE);
  const goesOn = new Uint8Array(units.length);
  const rest = found.order({ problem, units, rest: { part: units.mandatory, value: 0 }, seed, blockOf, goesOn, heads });
  const order = new Int32Array(units.length);
  order.set(pinned);
  order.set(rest, pinned.length);
  return { order, mandatory: pinned.length, blockOf, goesOn };
}
