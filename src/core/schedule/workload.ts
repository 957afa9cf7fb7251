/** Work for a simulation: rollouts of the open log with their turns, tokens and times of tools, drawn again with replacement. */
import { makeRandom } from '../prune/seeded.ts';
import type { Job } from './simulate.ts';

/** What the log tells of one rollout. */
export interface Profile {
  /** turn -> tokens that were sampled in it */
  readonly tokens: Float64Array;
  /** turn -> seconds of tools after it, NaN = unknown; 0 after the last */
  readonly rest: Float64Array;
}

/** Tokens of a rollout over its turns, by their sizes; they add up to `tokens`. */
export function tokensByTurn(sizes: Float64Array, tokens: number): Float64Array {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => (tokens * size) / all);
}

/** Seconds of tools that the log tells of, over all rollouts and turns; what takes the place of the unknown is drawn from them. */
function knownRests(profiles: readonly Profile[]): Float64Array {
  return Float64Array.from(profiles.flatMap(({ rest }) => Array.from(rest.subarray(0, -1)).filter((seconds) => !Number.isNaN(seconds))));
}

/** @param otherwise seconds of tools where the log tells of none. The same seed gives the same work. */
export function drawJobs(profiles: readonly Profile[], count: number, seed: number, otherwise: number): Job[] {
  const random = makeRandom(seed);
  const below = (length: number): number => Math.floor(random() * length);
  const known = knownRests(profiles);
  return Array.from({ length: count }, () => {
    const { tokens, rest } = profiles[below(profiles.length)];
    return {
      tokens,
      rest: rest.map((seconds) => (Number.isNaN(seconds) ? (known.length === 0 ? otherwise : known[below(known.length)]) : seconds)),
    };
  });
}
