/**
 * What would have come of stopping rollouts that deviate: each is stopped at the first call at which the least cost of what it did so
 * far exceeds a threshold. A success that is stopped is a false stop; a failure that is not is missed.
 */

/** Where the least cost rises, call by call. */
export interface Deviation {
  /** Ascending, in parts of a call. */
  readonly costs: readonly number[];
  /** Parallel: the sampled tokens that follow. */
  readonly saved: readonly number[];
}

/** 1: it succeeded; 0: it failed; −1: the log does not say. */
export type Success = 1 | 0 | -1;

export interface StopCounts {
  readonly stopped: number;
  readonly falseStops: number;
  readonly missed: number;
  /** Of those that are stopped, how many neither succeeded nor failed as far as the log says. */
  readonly unknown: number;
  /** Sampled tokens. */
  readonly saved: number;
}

/** The place of the rise at which a threshold stops it; −1: it does not. */
export function stopAt({ costs }: Pick<Deviation, 'costs'>, threshold: number): number {
  return costs.findIndex((cost) => cost > threshold);
}

export function stopCounts(deviations: readonly Deviation[], successes: readonly Success[], threshold: number): StopCounts {
  const counts = { stopped: 0, falseStops: 0, missed: 0, unknown: 0, saved: 0 };
  for (const [at, deviation] of deviations.entries()) {
    const success = successes[at];
    const stop = stopAt(deviation, threshold);
    if (stop < 0) {
      if (success === 0) counts.missed++;
      continue;
    }
    counts.stopped++;
    counts.saved += deviation.saved[stop];
    if (success === 1) counts.falseStops++;
    else if (success === -1) counts.unknown++;
  }
  return counts;
}

/** A point for each threshold at which anything changes, from 0 on; all columns are parallel. */
export interface StopCurve {
  readonly thresholds: Float64Array;
  readonly stopped: Int32Array;
  readonly falseStops: Int32Array;
  readonly missed: Int32Array;
  readonly unknown: Int32Array;
  readonly saved: Float64Array;
}

/** `stopCounts` at 0 and at every cost that occurs. O(rises · log rises). */
export function stopCurve(deviations: readonly Deviation[], successes: readonly Success[]): StopCurve {
  const rises = deviations.flatMap(({ costs }, rollout) => costs.map((cost, step) => ({ cost, rollout, step })));
  rises.sort((a, b) => a.cost - b.cost);
  const points = [{ threshold: 0, ...stopCounts(deviations, successes, 0) }];
  let { stopped, falseStops, missed, unknown, saved } = points[0];
  for (let from = 0; from < rises.length;) {
    const threshold = rises[from].cost;
    for (; from < rises.length && rises[from].cost === threshold; from++) {
      const { rollout, step } = rises[from];
      const own = deviations[rollout].saved;
      saved += (own[step + 1] ?? 0) - own[step];
      if (step + 1 < own.length) continue;
      stopped--;
      if (successes[rollout] === 1) falseStops--;
      else if (successes[rollout] === 0) missed++;
      else unknown--;
    }
    points.push({ threshold, stopped, falseStops, missed, unknown, saved });
  }
  const counts = (name: 'stopped' | 'falseStops' | 'missed' | 'unknown'): Int32Array => Int32Array.from(points, (point) => point[name]);
  return {
    thresholds: Float64Array.from(points, ({ threshold }) => threshold),
    stopped: counts('stopped'),
    falseStops: counts('falseStops'),
    missed: counts('missed'),
    unknown: counts('unknown'),
    saved: Float64Array.from(points, (point) => point.saved),
  };
}
