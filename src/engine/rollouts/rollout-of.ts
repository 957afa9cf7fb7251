/** From the key of a rollout to its number in a dataset, and back. */
import { NONE } from '../../core/model/kinds.ts';
import { rolloutKeyOf, type RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { Dataset } from '../dataset.ts';

const keysOf = new WeakMap<Dataset, Map<RolloutKey, number>>();

/** The rollout of that key, or NONE. */
export function rolloutOf(dataset: Dataset, key: RolloutKey): number {
  let keys = keysOf.get(dataset);
  if (keys === undefined) {
    keys = new Map(dataset.tokens.rollouts.map((_, rollout) => [keyAt(dataset, rollout), rollout]));
    keysOf.set(dataset, keys);
  }
  return keys.get(key) ?? NONE;
}

export function keyAt({ opening, tokens }: Dataset, rollout: number): RolloutKey {
  const row = tokens.rollouts[rollout];
  if (row === undefined) throw new Error(`expected one of ${tokens.rollouts.length} rollouts, found ${rollout}`);
  return rolloutKeyOf(opening.inputs[row.source]?.path ?? '', row);
}
