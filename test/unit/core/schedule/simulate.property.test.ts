/** The simulator against an oracle that goes second by second, and what must hold of every run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../../../src/core/schedule/policies.ts';
import { DEFAULT_CLUSTER, type Cluster } from '../../../../src/core/schedule/settings.ts';
import type { Job, Run } from '../../../../src/core/schedule/simulate.ts';
import { simulate } from './run.ts';
import type { TraceEntry } from '../../../../src/core/schedule/ledger.ts';
import { stepped } from './stepped.ts';

const policies = fc.constantFrom(...POLICIES);

/** Whole seconds throughout; training takes a second for each token. */
const tiny = fc
  .record({
    rollNodes: fc.integer({ min: 1, max: 3 }),
    train: fc.integer({ min: 1, max: 3 }),
    slots: fc.integer({ min: 1, max: 3 }),
    batch: fc.integer({ min: 1, max: 4 }),
    steps: fc.integer({ min: 1, max: 4 }),
    staleness: fc.integer({ min: 0, max: 3 }),
    switch: fc.integer({ min: 1, max: 5 }),
    update: fc.integer({ min: 1, max: 4 }),
    keeps: fc.integer({ min: 0, max: 1 }),
    slowness: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ rollNodes, slowness, ...rest }) =>
    policies.chain((policy) => {
      const trainers = policy.id.startsWith('colocated') ? rollNodes + rest.train : rest.train;
      const cluster: Cluster = {
        ...DEFAULT_CLUSTER,
        ...rest,
        nodes: rollNodes + rest.train,
        rate: 1,
        trainRate: 1 / (trainers * slowness),
      };
      const turns = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 4 });
      return fc
        .array(turns, { minLength: rest.batch * rest.steps, maxLength: rest.batch * rest.steps })
        .map((list) => ({ cluster, policy, jobs: list.map((own): Job => ({ tokens: own.map(([n]) => n), rest: own.map(([, s]) => s) })) }));
    }),
  );

/** Any numbers, of which a training step may take any time. */
const real = fc
  .record({
    rollNodes: fc.integer({ min: 1, max: 4 }),
    train: fc.integer({ min: 1, max: 4 }),
    slots: fc.integer({ min: 1, max: 4 }),
    batch: fc.integer({ min: 1, max: 8 }),
    steps: fc.integer({ min: 1, max: 5 }),
    staleness: fc.integer({ min: 0, max: 3 }),
    switch: fc.double({ min: 0, max: 20, noNaN: true }),
    update: fc.double({ min: 0, max: 20, noNaN: true }),
    rate: fc.double({ min: 0.1, max: 50, noNaN: true }),
    trainRate: fc.double({ min: 0.1, max: 200, noNaN: true }),
    keeps: fc.integer({ min: 0, max: 1 }),
  })
  .chain(({ rollNodes, ...rest }) => {
    const cluster: Cluster = { ...DEFAULT_CLUSTER, ...rest, nodes: rollNodes + rest.train };
    const seconds = fc.double({ min: 0, max: 30, noNaN: true });
    const turns = fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), seconds), { minLength: 1, maxLength: 4 });
    return fc.record({
      cluster: fc.constant(cluster),
      policy: policies,
      jobs: fc
        .array(turns, { minLength: rest.batch * rest.steps, maxLength: rest.batch * rest.steps })
        .map((list) => list.map((own): Job => ({ tokens: own.map(([n]) => n), rest: own.map(([, s]) => s) }))),
    });
  });

const sum = (values: Iterable<number>): number => [...values].reduce((all, one) => all + one, 0);
const tokensOf = (jobs: readonly Job[]): number => sum(jobs.flatMap(({ tokens }) => Array.from(tokens)));
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

describe('the simulator', () => {
  it('equals one that goes second by second', () => {
    fc.assert(
      fc.property(tiny, ({ cluster, policy, jobs }) => {
        const run = simulate(cluster, policy, jobs);
        const slow = stepped(cluster, policy, jobs);
        expect(run.makespan).toBeCloseTo(slow.makespan, 6);
        expect(run.evictions).toBe(slow.evictions);
        expect(run.lags.map((n) => Math.round(n))).toEqual(slow.lags);
        for (const [what, seconds] of Object.entries(slow.use))
          expect([what, run.use[what as keyof Run['use']]]).toEqual([what, expect.closeTo(seconds, 6)]);
      }),
      { numRuns: 600 },
    );
  });

  it('trains on all that is sampled, and no node-second is lost', () => {
    fc.assert(
      fc.property(real, ({ cluster, policy, jobs }) => {
        const { tokens, use, makespan, byTag, lags } = simulate(cluster, policy, jobs);
        expect(close(tokens, tokensOf(jobs))).toBe(true);
        expect(close(sum(lags), tokens)).toBe(true);
        expect(close(sum(Object.values(use)), cluster.nodes * makespan)).toBe(true);
        for (const seconds of Object.values(use)) expect(seconds).toBeGreaterThan(-1e-6 * Math.max(1, makespan));
        // Slots give what was sampled, and nodes train what was.
        expect(close(use.generating * cluster.slots * cluster.rate, tokens)).toBe(true);
        expect(close(use.training * cluster.trainRate, tokens)).toBe(true);
        expect(close(sum(byTag.map(({ idle }) => idle)), use.idle)).toBe(true);
        expect(sum(byTag.map(({ nodes }) => nodes))).toBe(cluster.nodes);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no less than the work over the nodes, nor than its longest rollout', () => {
    fc.assert(
      fc.property(real, ({ cluster, policy, jobs }) => {
        const { makespan } = simulate(cluster, policy, jobs);
        const tags = Array.from({ length: cluster.nodes }, (_, node) => policy.tagsOf(node, cluster));
        const rolling = tags.filter(({ rollout }) => rollout).length;
        const training = tags.filter(({ train }) => train).length;
        const tokens = tokensOf(jobs);
        const longest = Math.max(...jobs.map((job) => sum(Array.from(job.tokens, (n) => n / cluster.rate)) + sum(Array.from(job.rest))));
        const least = Math.max(tokens / (rolling * cluster.slots * cluster.rate), tokens / (training * cluster.trainRate), longest);
        expect(makespan).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      }),
      { numRuns: 300 },
    );
  });

  it('uses no node for two things at once, and no slot for two rollouts', () => {
    fc.assert(
      fc.property(real, ({ cluster, policy, jobs }) => {
        const entries: TraceEntry[] = [];
        simulate(cluster, policy, jobs, (entry) => entries.push(entry));
        const duties = entries.filter(({ what }) => what === 'rollout' || what === 'switching' || what === 'train');
        const slots = entries.filter(({ what }) => what === 'slot');
        const lanes = groupsOf([...duties, ...slots], ({ node, slot }) => `${node} ${slot}`);
        for (const lane of lanes) expect(overlaps(lane)).toBe(false);
        // A slot is held while its node rolls out, training is done while it trains: inside the duty that says so.
        for (const entry of [...slots, ...entries.filter(({ what }) => what === 'training')]) {
          const duty = entry.what === 'slot' ? 'rollout' : 'train';
          const inside = duties.some(
            ({ what, node, start, end }) => what === duty && node === entry.node && start <= entry.start && entry.end <= end,
          );
          expect(inside).toBe(true);
        }
        // A rollout is in one slot at a time.
        for (const own of groupsOf(slots, ({ job }) => String(job))) expect(overlaps(own)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('is never slower with a node more, where all nodes roll out and nothing pauses', () => {
    // First come, first served: what is free earliest only becomes free earlier (Kiefer and Wolfowitz), and training gets no slower.
    fc.assert(
      fc.property(real, ({ cluster, jobs }) => {
        const colocated = POLICIES.find(({ id }) => id === 'colocated')!;
        const given = { ...cluster, keeps: 1 };
        const before = simulate(given, colocated, jobs).makespan;
        const after = simulate({ ...given, nodes: given.nodes + 1 }, colocated, jobs).makespan;
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-9));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on with one policy version where nothing may begin ahead', () => {
    fc.assert(
      fc.property(real, ({ cluster, policy, jobs }) => {
        const { lags } = simulate({ ...cluster, staleness: 0 }, policy, jobs);
        if (policy.id !== 'colocated-partial') expect(lags.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });
});

function overlaps(entries: readonly TraceEntry[]): boolean {
  const sorted = entries.toSorted((a, b) => a.start - b.start || a.end - b.end);
  return sorted.some((entry, i) => i > 0 && entry.start < sorted[i - 1]!.end);
}

function groupsOf(entries: readonly TraceEntry[], keyOf: (entry: TraceEntry) => string): TraceEntry[][] {
  return [...new Set(entries.map(keyOf))].map((key) => entries.filter((entry) => keyOf(entry) === key));
}
