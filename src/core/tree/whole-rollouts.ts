/** Which rollouts a cut keeps whole. */
import type { Forest } from '../model/forest.ts';

/** rollout -> 1: it has trajectories, and all are kept to their ends. @param kept node -> 1. O(trajectories + rollouts) */
export function wholeRollouts({ trajectories }: Forest, rollouts: number, kept: Uint8Array): Uint8Array<ArrayBuffer> {
  const { rollout, leaf, length, excluded, cutShort } = trajectories;
  const whole = new Uint8Array(rollouts).fill(1);
  const seen = new Uint8Array(rollouts);
  for (let t = 0; t < length; t++) {
    seen[rollout[t]] = 1;
    if (excluded?.[t] === 1 || cutShort?.[t] === 1 || kept[leaf[t]] !== 1) whole[rollout[t]] = 0;
  }
  return whole.map((is, r) => is & seen[r]);
}
