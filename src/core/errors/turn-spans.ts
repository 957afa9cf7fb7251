/** Turns of rollouts as nodes of their trajectories' paths. */
import type { Forest } from '../model/forest.ts';
import { pathTo } from '../tree/navigate.ts';

/**
 * event -> number, laid on a path: position on the path of trajectory `t` -> what `at` says of the event that it lies in, 0 where it
 * lies in none. A node lies in one event, because one ends where an event of any of its trajectories does.
 * @param ends event -> tokens of the trajectory up to its end
 */
export function onPath(forest: Forest, t: number, ends: ArrayLike<number>, at: (event: number) => number): Int32Array {
  const path = pathTo(forest, forest.trajectories.leaf[t]);
  let event = 0;
  return Int32Array.from(path, (n) => {
    while (event < ends.length && ends[event] <= forest.depth[n]) event++;
    return event < ends.length ? at(event) : 0;
  });
}
