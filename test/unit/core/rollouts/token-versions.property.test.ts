import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { addLag, eachSampledRun, makeLagSums, sideOf } from '../../../../src/core/rollouts/policy-lag.ts';
import {
  packVersions,
  unpackVersions,
  versionRuns,
  versionsOfBranches,
  withEarlier,
  type VersionRun,
} from '../../../../src/core/rollouts/token-versions.ts';

const version = fc.constantFrom('1', '2', '3', '1-3', '2-3', 'model-a');
const told = fc.record({
  length: fc.nat(4),
  sampled: fc.boolean(),
  policy: fc.option(version, { nil: undefined }),
  each: fc.option(fc.constantFrom(-1, 1, 2, 3, Number.NaN), { nil: undefined }),
});
type Told = typeof told extends fc.Arbitrary<infer T> ? T : never;

const eventOf = ({ sampled, policy, each, length }: Told): RolloutEvent => ({
  role: 'assistant',
  sampled,
  parts: [],
  ...(policy === undefined ? {} : { policy }),
  ...(each === undefined ? {} : { tokens: { versions: Array.from({ length }, (_, i) => (i === 0 ? 2 : each)) } }),
});

/** token -> version, '' where none is told; null: nobody sampled it */
function slowVersions(events: readonly Told[], policy: string): (string | null)[] {
  return events.flatMap(({ length, sampled, policy: own, each }) =>
    Array.from({ length }, (_, i) => {
      if (!sampled) return null;
      if (each === undefined) return own ?? policy;
      const one = i === 0 ? 2 : each;
      return one >= 0 ? String(one) : '';
    }),
  );
}

const versionAt = (runs: readonly VersionRun[], at: number): string => runs.find(({ to }) => at < to)?.version ?? '';
const endsOf = (lengths: readonly number[]): number[] => lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0));

it('tells of each sampled token what its event or the log itself says, and survives packing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(told, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
      fc.oneof(version, fc.constant('')),
      (branches, policy) => {
        const ends = branches.flatMap((events) => endsOf(events.map(({ length }) => length)));
        const found = versionsOfBranches(
          branches.map((events) => ({ events: events.map(eventOf) })),
          ends,
          policy,
        );
        const slow = branches.map((events) => slowVersions(events, policy));
        if (found === null) {
          // Names of models are no versions, so what they differ in is not kept.
          for (const each of slow.flat()) expect(each === null || each === policy || !/^\d/.test(each)).toBe(true);
          return;
        }
        const unpacked = unpackVersions(packVersions(found));
        expect(unpacked).toEqual(found);
        slow.forEach((tokens, b) => {
          const runs = versionRuns({ versions: packVersions(found), policy }, b, tokens.length);
          tokens.forEach((each, at) => {
            if (each !== null) expect(versionAt(runs, at)).toBe(each);
          });
          expect(runs.every(({ to }, i) => to > (runs[i - 1]?.to ?? 0) || tokens.length === 0)).toBe(true);
        });
      },
    ),
    { numRuns: 400 },
  );
});

const runsOf = (versions: readonly string[]): VersionRun[] =>
  versions.flatMap((each, at) => (each === versions[at + 1] ? [] : [{ to: at + 1, version: each }]));
const tokens = fc.array(fc.constantFrom('1', '2', '3', '', 'model-a'), { minLength: 1, maxLength: 12 });

it('takes the beginning from the earlier record and the rest from the later one', () => {
  fc.assert(
    fc.property(tokens, tokens, (later, all) => {
      const earlier = all.slice(0, later.length);
      const joined = withEarlier(runsOf(later), runsOf(earlier));
      expect(later.map((_, at) => versionAt(joined, at))).toEqual(later.map((each, at) => earlier[at] ?? each));
      expect(joined.every(({ version: each }, i) => each !== joined[i - 1]?.version)).toBe(true);
    }),
  );
  const spans = (first: string, whole: string) => withEarlier([{ to: 5, version: whole }], [{ to: 2, version: first }]).at(-1)?.version;
  // Versions only rise.
  expect([spans('3', '3-4'), spans('4', '3-4'), spans('3', '2-5'), spans('6', '2-5'), spans('1', '2')]).toEqual([
    '3-4',
    '4',
    '3-5',
    '2-5',
    '2',
  ]);
});

it('adds up what counting token by token adds up', () => {
  const spans = fc.array(fc.constantFrom('1', '2', '3', '1-2', '2-3', '2-2', '', 'model-a'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(spans, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.constantFrom(1, 2, 3), (versions, mask, target) => {
      const bounds = versions.flatMap((_, at) => (mask[at] ? [[at, at + 1]] : []));
      const sampledRuns = Int32Array.from(
        bounds
          .filter(([from], i) => bounds[i - 1]?.[1] !== from)
          .flatMap(([from]) => [from, from + mask.slice(from).concat(false).indexOf(false)]),
      ).map((at) => Math.min(at, versions.length));
      const sums = makeLagSums();
      const seen: string[] = [];
      const table = { sampledStart: Int32Array.of(0, sampledRuns.length), sampledRuns };
      eachSampledRun(table, 0, runsOf(versions), (from, to, each) => {
        for (let at = from; at < to; at++) seen.push(`${at} ${each}`);
        addLag(sums, each, to - from, target);
      });
      const sampled = versions.flatMap((each, at) => (mask[at] ? [{ each, at }] : []));
      expect(seen).toEqual(sampled.map(({ each, at }) => `${at} ${each}`));
      const numbers = sampled.flatMap(({ each }) => (/^\d/.test(each) ? [each.split('-').map(Number)] : []));
      const single = numbers.filter((span) => span.at(-1) === span[0]);
      expect(sums.told).toBe(single.length);
      expect(sums.behind).toBe(single.reduce((sum, [one]) => sum + target - one, 0));
      expect(sums.off).toBe(numbers.filter((span) => span[0] > target || (span.at(-1) ?? 0) < target).length);
      expect(sums.decided).toBe(sums.off + single.filter(([one]) => one === target).length);
      expect(sums.most).toBe(numbers.length === 0 ? Number.NaN : Math.max(...numbers.map(([first]) => target - first)));
    }),
    { numRuns: 400 },
  );
  expect(['2', '1', '1-2', 'model-a'].map((each) => sideOf(each, 2))).toEqual(['on', 'off', 'unknown', 'unknown']);
});
