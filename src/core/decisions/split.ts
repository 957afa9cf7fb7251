/**
 * How far the ways of a fork part the rewards of those that take them. [ours]
 *
 * A way counts with the rollouts that take it alone and whose reward is known. Ways with fewer than `LEAST` of them are taken together as
 * one way, so that a rollout that does what nobody else does proves nothing. With n, m and SS the count, mean and sum of squared deviations
 * of a way, N = Σn, k the number of ways, and T the squared deviations of all rollouts of the task from their mean:
 *
 *   between   Σ n·(m − mean)²
 *   noise     s² = (Σ SS + PRIOR · T/(K − 1)) ÷ (N − k + PRIOR): the variance inside ways, with two rollouts' worth of the task's own
 *             variance mixed in, because two equal rewards do not mean that rewards of this way never vary
 *   explained max(0, between − (k − 1)·s²): what chance alone would give is taken off (as in Kelley's ε² of 1935)
 *   share     explained ÷ T, 0..1
 *
 * Where all ways are single rollouts there is no share.
 */
import { joinMoments, type Moments } from './mean-interval.ts';

/** Rollouts with a known reward that a way needs to count by itself. */
const LEAST = 2;
/** Rollouts that the task's own variance counts as. */
const PRIOR = 2;

export interface Split {
  /** Squared reward × rollouts that the fork explains, chance taken off. */
  readonly explained: number;
  /** Of the squared deviations of the task's rewards, 0..1; 0 where all are equal. */
  readonly share: number;
  /** Of what is compared, the highest and the lowest mean: indices into `ways`, or `TOGETHER`. */
  readonly best: number;
  readonly worst: number;
  /** Ways that were taken together, for having too few known rewards; and those rewards. */
  readonly pooled: number;
  readonly rest: Moments;
}

/** In place of a way's index: those that were taken together. */
const TOGETHER = -1;

const NOBODY: Moments = { n: 0, mean: Number.NaN, squares: 0 };

/** Null where fewer than two are left to compare. @param task of all its rollouts with a known reward */
export function splitOf(ways: readonly Moments[], task: Moments): Split | null {
  const few = ways.filter(({ n }) => n > 0 && n < LEAST);
  const rest = few.reduce(joinMoments, NOBODY);
  const compared = ways.flatMap((way, at) => (way.n < LEAST ? [] : [{ at, way }]));
  if (rest.n >= LEAST) compared.push({ at: TOGETHER, way: rest });
  const [first] = compared;
  if (first === undefined || compared.length < 2) return null;
  let best = first;
  let worst = first;
  let all = NOBODY;
  let inside = 0;
  for (const group of compared) {
    if (group.way.mean > best.way.mean) best = group;
    if (group.way.mean < worst.way.mean) worst = group;
    all = joinMoments(all, group.way);
    inside += group.way.squares;
  }
  const between = compared.reduce((sum, { way }) => sum + way.n * (way.mean - all.mean) ** 2, 0);
  const prior = task.n > 1 ? task.squares / (task.n - 1) : 0;
  const noise = (inside + PRIOR * prior) / (all.n - compared.length + PRIOR);
  const explained = Math.max(0, between - (compared.length - 1) * noise);
  const share = task.squares > 0 ? explained / task.squares : 0;
  return { explained, share, best: best.at, worst: worst.at, pooled: few.length, rest };
}
