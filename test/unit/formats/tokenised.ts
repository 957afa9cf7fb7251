/** Counts of the token ids that decoded rollouts spell, by a map per prefix: slow, and plain to see. For tests. */
import type { Rollout } from '../../../src/core/model/rollout.ts';

/** Rows of ids: one per branch. */
export function idRows(rollouts: readonly Rollout[]): number[][] {
  return rollouts.flatMap(({ branches }) => branches.map(({ events }) => events.flatMap((event) => Array.from(event.tokens?.ids ?? []))));
}

/** Tokens of all rows, and of their prefix tree. */
export function countTrie(rows: readonly (readonly number[])[]): { flat: number; distinct: number } {
  type Node = Map<number, Node>;
  const root: Node = new Map();
  let flat = 0;
  let distinct = 0;
  for (const row of rows) {
    let node = root;
    for (const id of row) {
      flat++;
      let next = node.get(id);
      if (next === undefined) {
        next = new Map() as Node;
        node.set(id, next);
        distinct++;
      }
      node = next;
    }
  }
  return { flat, distinct };
}
