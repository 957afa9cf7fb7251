/** Into which files records go: divided between training and validation by task. */
import { hash128 } from '../../base/hash.ts';
import type { RecordSettings, Split } from '../answers/exporting.ts';

/**
 * task -> where its records stand. Tasks are ranked by a hash of their key and the seed, so whether one is chosen hardly
 * depends on which others there are; at least one task stands on either side where there are two.
 * @param keys task -> its key
 */
export function taskSplits(keys: readonly string[], { validation, seed }: Pick<RecordSettings, 'validation' | 'seed'>): Split[] {
  const splits = keys.map((): Split => 'train');
  if (validation <= 0) return splits;
  const wanted = Math.min(keys.length - 1, Math.max(1, Math.round(keys.length * validation)));
  const hashes = keys.map((key) => hash128(`${seed}\n${key}`));
  const ranked = [...keys.keys()].sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1));
  for (const task of ranked.slice(0, wanted)) splits[task] = 'validation';
  return splits;
}
