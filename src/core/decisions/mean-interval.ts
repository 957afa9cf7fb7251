/**
 * A mean with its 95 % interval. Two methods: Wilson's score interval (1927) where all rewards are 0 or 1, Student's t elsewhere. Both
 * take the rewards of different rollouts to be independent.
 */

export type IntervalMethod = 'wilson' | 't';

/** Count, mean and sum of squared deviations from the mean: enough for every figure here. */
export interface Moments {
  readonly n: number;
  /** NaN where n is 0 */
  readonly mean: number;
  readonly squares: number;
}

export interface MeanInterval {
  /** Rewards that are known. */
  readonly known: number;
  /** NaN where none is known. */
  readonly mean: number;
  /** NaN where the method gives no interval: nothing is known, or a single value under `t`. */
  readonly low: number;
  readonly high: number;
}

/** The 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054;
/** Degrees of freedom, from 1 on -> the 0.975 quantile of Student's t. */
const T = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985, 2.178813, 2.160369,
  2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539,
];

/** The same for any number of degrees of freedom; beyond the table by Fisher and Cornish's expansion, to within 0.00001. */
export function studentT(degrees: number): number {
  const tabled = T[degrees - 1];
  if (tabled !== undefined) return tabled;
  const z2 = Z * Z;
  const first = (Z * (z2 + 1)) / 4;
  const second = (Z * (5 * z2 * z2 + 16 * z2 + 3)) / 96;
  const third = (Z * (3 * z2 ** 3 + 19 * z2 * z2 + 17 * z2 - 15)) / 384;
  return Z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}

/** Of the known values, in their order. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let n = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    n++;
  }
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) squares += (values[i] - mean) ** 2;
  return { n, mean, squares };
}

/** Of two sets that have no value in common. */
export function joinMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const step = b.mean - a.mean;
  return { n, mean: a.mean + (step * b.n) / n, squares: a.squares + b.squares + (step * step * a.n * b.n) / n };
}

/** The method for a log: Wilson's where every known reward is 0 or 1. */
export function intervalMethod(rewards: Iterable<number>): IntervalMethod {
  for (const reward of rewards) if (!Number.isNaN(reward) && reward !== 0 && reward !== 1) return 't';
  return 'wilson';
}

export function meanInterval({ n, mean, squares }: Moments, method: IntervalMethod): MeanInterval {
  if (n === 0) return { known: 0, mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  if (method === 'wilson') {
    const z2 = Z * Z;
    const middle = (mean + z2 / (2 * n)) / (1 + z2 / n);
    const half = (Z / (1 + z2 / n)) * Math.sqrt(Math.max(0, mean * (1 - mean)) / n + z2 / (4 * n * n));
    // Exactly 0 and 1 at the ends, where rounding would go beyond.
    return { known: n, mean, low: mean === 0 ? 0 : middle - half, high: mean === 1 ? 1 : middle + half };
  }
  const half = n < 2 ? Number.NaN : studentT(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { known: n, mean, low: mean - half, high: mean + half };
}
