/** Candidates that are equal, and how many votes each way of answering has. */
import { NONE } from '../model/kinds.ts';

export interface Groups {
  /** candidate -> group, NONE: it has no key */
  readonly of: Int32Array<ArrayBuffer>;
  /** group -> candidates, ascending; the largest first, then by its first candidate */
  readonly members: readonly (readonly number[])[];
}

/** @param keys candidate -> what makes it equal to others, null: not known. O(their length) */
export function groupByKey(keys: readonly (string | null)[]): Groups {
  const byKey = new Map<string, number[]>();
  for (const [candidate, key] of keys.entries()) {
    if (key === null) continue;
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [candidate]);
    else members.push(candidate);
  }
  const members = [...byKey.values()].sort((a, b) => b.length - a.length || a[0] - b[0]);
  const of = new Int32Array(keys.length).fill(NONE);
  for (const [group, candidates] of members.entries()) for (const candidate of candidates) of[candidate] = group;
  return { of, members };
}
