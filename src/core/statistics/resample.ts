/** Draws sets of rollouts again, seeded: the same numbers on every machine. */
import { makeRandom } from '../prune/seeded.ts';
import type { Strata } from './strata.ts';

export interface Resampler {
  /** rollout -> times drawn; those of no set stay 0. @param clusters cluster -> times drawn */
  draw(times: Uint32Array, clusters: Uint32Array): void;
}

/** O(members) a draw. */
export function makeResampler({ members, stratumStart, clusterStart, blockStart }: Strata, seed: number): Resampler {
  const random = makeRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const drawCluster = (cluster: number, times: Uint32Array): void => {
    for (let s = clusterStart[cluster]; s < clusterStart[cluster + 1]; s++) {
      const first = stratumStart[s];
      const size = stratumStart[s + 1] - first;
      for (let i = 0; i < size; i++) times[members[first + below(size)]]++;
    }
  };
  return {
    draw(times, clusters) {
      times.fill(0);
      clusters.fill(0);
      for (let b = 0; b + 1 < blockStart.length; b++) {
        const first = blockStart[b];
        const size = blockStart[b + 1] - first;
        for (let i = 0; i < size; i++) {
          const cluster = size === 1 ? first : first + below(size);
          clusters[cluster]++;
          drawCluster(cluster, times);
        }
      }
    },
  };
}
