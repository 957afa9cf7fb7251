/** All rollouts of a sample, one after another, task by task. */
import { play } from './rollout.mjs';
import { makeTasks } from './tasks.mjs';
import { makeWorld } from './world.mjs';

/**
 * @param {{ seed: string, tasks: number, rollouts: number }} size tasks beyond the eighth repeat the eight in another world
 * @returns {Generator<import('./rollout.mjs').Played>}
 */
export function* generate({ seed, tasks, rollouts }) {
  for (let taskIndex = 0; taskIndex < tasks; taskIndex++) {
    const world = makeWorld(Math.floor(taskIndex / 8), seed);
    const task = makeTasks(world)[taskIndex % 8];
    for (let rollout = 0; rollout < rollouts; rollout++) yield play({ world, task, taskIndex, rollout, rollouts, seed });
  }
}
