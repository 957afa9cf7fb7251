/** How far the mixes of tools of two sets of rollouts lie apart, and how far chance alone moves them. */
import { makeRandom } from '../prune/seeded.ts';
import { sumRatios, type Ratios } from '../statistics/ratios.ts';
import { quantile } from '../statistics/quantile.ts';
import { shuffle } from './by-chance.ts';

export interface Mix {
  /** Index set × tools + tool: the tool's share of the set's calls; NaN where it makes none. */
  shares(times: Uint32Array | null): Float64Array;
  /** set -> rollouts that make calls */
  counts(): Float64Array;
  /** Total variation: half the sum of the differences of shares, 0 to 1; NaN where a set makes no calls. */
  distance(shares: Float64Array, a: number, b: number): number;
}

/** @param calls of each rollout by tool, below them all its calls */
export function makeMix(calls: Ratios, members: Int32Array, sets: Int32Array, setCount: number): Mix {
  return {
    shares(times) {
      const { top, below } = sumRatios(calls, members, sets, setCount, times);
      return top.map((sum, at) => sum / below[at]);
    },
    counts() {
      const { count } = sumRatios(calls, members, sets, setCount, null);
      return Float64Array.from({ length: setCount }, (_, set) =>
        count.subarray(set * calls.cells, (set + 1) * calls.cells).reduce(larger, 0),
      );
    },
    distance: (shares, a, b) => totalVariation(shares, calls.cells, a, b),
  };
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}

function totalVariation(shares: Float64Array, tools: number, a: number, b: number): number {
  let sum = 0;
  for (let tool = 0; tool < tools; tool++) sum += Math.abs(shares[a * tools + tool] - shares[b * tools + tool]);
  return sum / 2;
}

/**
 * The distance that 95 % of random exchanges of the two sets' names among rollouts stay below: of two equal policies a finite log tells
 * some distance too. [ours] Names are exchanged within tasks where both sets have the same tasks, else among all their rollouts;
 * rollouts in both sets keep both. Yields after each exchange.
 */
export function* distanceByChance(
  calls: Ratios,
  { members, task, sets, a, b }: { members: Int32Array; task: Int32Array; sets: Int32Array; a: number; b: number },
  { draws, seed }: { draws: number; seed: number },
): Generator<number, number> {
  const random = makeRandom(seed);
  const names = sets.map((bits) => ((bits >> a) & 1) | (((bits >> b) & 1) << 1));
  const tasksOf = (bit: number): Set<number> => new Set([...members].filter((r) => (names[r] & bit) !== 0).map((r) => task[r]));
  const [first, second] = [tasksOf(1), tasksOf(2)];
  const isPaired = first.size === second.size && [...first].every((t) => second.has(t));
  const groups = new Map<number, number[]>();
  for (const r of members) {
    if (names[r] !== 1 && names[r] !== 2) continue;
    const key = isPaired ? task[r] : 0;
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [r]);
    else own.push(r);
  }
  const distances = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (const own of groups.values()) {
      const given = own.map((r) => names[r]);
      shuffle(given, random);
      for (const [i, r] of own.entries()) names[r] = given[i];
    }
    const mix = makeMix(calls, members, names, 2);
    distances[draw] = mix.distance(mix.shares(null), 0, 1);
    yield draw + 1;
  }
  return quantile(distances.filter((value) => !Number.isNaN(value)).sort(), 0.95);
}
