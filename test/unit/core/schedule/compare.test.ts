/**
 * Where the policies go on stated work, beside what SeamlessFlow published (62 % less time and twice the throughput of its baseline): the
 * settings under which they go that way here, and those under which they do not. ARCHITECTURE.md has the table.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';
import { comparePolicies, type Comparison } from '../../../../src/core/schedule/compare.ts';
import { DEFAULT_CLUSTER } from '../../../../src/core/schedule/settings.ts';
import type { Profile } from '../../../../src/core/schedule/workload.ts';

/** 400 rollouts of one turn with 4,000 tokens on average, log-normal with this deviation of the logarithm. */
function singleTurns(sigma: number): Profile[] {
  const random = makeRandom(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: 400 }, () => ({
    tokens: Float64Array.of(4000 * Math.exp(sigma * normal() - sigma ** 2 / 2)),
    rest: Float64Array.of(0),
  }));
}

const run = (sigma: number, trainRate: number, seconds: number): Promise<Comparison> =>
  comparePolicies({ ...DEFAULT_CLUSTER, trainRate, switch: seconds, seeds: 4 }, singleTurns(sigma));
const toSeparated = ({ results }: Comparison, policy: string) => results.find((result) => result.policy === policy)!.toSeparated;

it('gives others a turn within a run too, so that one who has gone ends it', async () => {
  const runs: number[] = [];
  const profiles: Profile[] = [{ tokens: new Float64Array(2000).fill(1), rest: new Float64Array(2000) }];
  const gone = comparePolicies(
    { ...DEFAULT_CLUSTER, batch: 8 },
    profiles,
    (done) => runs.push(done),
    () => Promise.reject(new Error('gone')),
  );
  await expect(gone).rejects.toThrow('gone');
  expect(runs).toEqual([]);
});

describe('multiplexing with partial rollout against separated', () => {
  let uneven: Comparison;
  beforeAll(async () => {
    uneven = await run(1, 800, 10);
  });

  it('takes at least 62 % less time, at twice the throughput, where lengths differ much and training keeps up', () => {
    expect(toSeparated(uneven, 'multiplexed-partial').high).toBeLessThan(0.38);
    const [separated, multiplexed] = ['separated', 'multiplexed-partial'].map((id) => uneven.results.find(({ policy }) => policy === id));
    expect(multiplexed!.throughput.low).toBeGreaterThan(2 * separated!.throughput.high);
  });

  it('has nearly all of that from partial rollout: without it lending gains little', () => {
    expect(toSeparated(uneven, 'separated-partial').mean).toBeLessThan(0.4);
    expect(toSeparated(uneven, 'multiplexed').mean).toBeGreaterThan(0.97);
  });

  it('gains from lending alone where lengths are equal and training waits for rollouts', async () => {
    const even = await run(0, 800, 10);
    expect(toSeparated(even, 'multiplexed-partial').high).toBeLessThan(0.9);
    expect(toSeparated(even, 'separated-partial').mean).toBeCloseTo(1, 6);
  });

  it('gains nothing where training is what is waited for, and loses where switching is slow', async () => {
    expect(toSeparated(await run(0, 200, 10), 'multiplexed-partial').low).toBeGreaterThan(0.99);
    expect(toSeparated(await run(0, 800, 60), 'multiplexed-partial').low).toBeGreaterThan(1.1);
  });
});
