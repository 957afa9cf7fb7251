/** Intervals of rollouts, and of a log, against oracles that look at every second on its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rollout, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { timelineOf } from '../../../../src/core/schedule/timeline.ts';
import { TIME_KINDS, timesOf, unionOf, type RolloutTimes } from '../../../../src/core/schedule/times.ts';

const event = (role: RolloutEvent['role'], time?: number, seconds?: number): RolloutEvent => ({
  role,
  sampled: role === 'assistant',
  parts: [{ kind: role === 'tool' ? 'result' : 'text', text: role }],
  ...(time === undefined ? {} : { time }),
  ...(seconds === undefined ? {} : { seconds }),
});
const rollout = (...branches: readonly (readonly RolloutEvent[])[]): Rollout => ({
  id: 'a',
  task: 't',
  reward: null,
  branches: branches.map((events) => ({ events })),
});
/** "generation 10-14, tool 14-20" */
const told = ({ edges, kinds }: Pick<RolloutTimes, 'edges' | 'kinds'>): string =>
  Array.from(kinds, (kind, i) => `${TIME_KINDS[kind]} ${edges[i]}-${edges[i + 1]}`).join(', ');

describe('times of a rollout', () => {
  it('are of whoever made the event that ends an interval', () => {
    const times = timesOf(
      rollout([event('user', 10), event('assistant', 14), event('tool', 20), event('assistant', 21), event('user', 30)]),
    );
    expect(told(times)).toBe('generation 10-14, tool 14-20, generation 20-21, waiting 21-30');
    expect([...times.turnSeconds]).toEqual([4, 1]);
    expect([...times.restSeconds]).toEqual([6, 9]);
  });

  it('begin where the log says, and what lies between is unknown', () => {
    const times = timesOf(rollout([event('user'), event('assistant', 14, 4), event('assistant', 30, 5)]));
    expect(told(times)).toBe('generation 10-14, unknown 14-25, generation 25-30');
  });

  it('give what lies between two calls to those that alone answered there', () => {
    const calls = (...between: readonly RolloutEvent[]) =>
      told(timesOf(rollout([event('assistant', 14, 4), ...between, event('assistant', 30, 5)])));
    expect(calls(event('tool'), event('tool'))).toBe('generation 10-14, tool 14-25, generation 25-30');
    expect(calls(event('tool'), event('user'))).toBe('generation 10-14, unknown 14-25, generation 25-30');
  });

  it('put what was waited for before it, and count rests from turn to turn over branches', () => {
    const asked: RolloutEvent = { ...event('assistant', 20, 4), waited: 3 };
    const times = timesOf(
      rollout([event('user', 10, 2), event('assistant', 14, 4)], [event('user', 16, 1), asked], [event('assistant', 30, 1)]),
    );
    expect(told(times)).toBe('waiting 8-10, generation 10-14, waiting 14-16, generation 16-20, unknown 20-29, generation 29-30');
    expect([...times.restSeconds]).toEqual([2, Number.NaN, Number.NaN]);
  });

  it('take how long results took where nothing says when', () => {
    const times = timesOf(rollout([event('assistant'), event('tool', undefined, 3), event('tool', undefined, 2), event('assistant')]));
    expect([...times.restSeconds]).toEqual([5, Number.NaN]);
    expect(times).toMatchObject({ unplaced: 2, untimed: 4 });
  });

  it('are unknown where one interval is the work of two', () => {
    const times = timesOf(rollout([event('assistant', 14), event('tool'), event('assistant', 30)]));
    expect(told(times)).toBe('unknown 14-30');
    expect([...times.turnSeconds]).toEqual([Number.NaN, Number.NaN]);
    expect(times.untimed).toBe(1);
  });

  it('count what cannot be used', () => {
    const times = timesOf(rollout([event('assistant', 14), event('tool', 12), event('assistant', Number.NaN, 3), event('user', 1e300)]));
    expect(told(times)).toBe('');
    expect(times).toMatchObject({ events: 4, untimed: 2, backwards: 1, unplaced: 1 });
  });

  it('count an event of several branches once', () => {
    const [ask, first] = [event('user', 10), event('assistant', 14)];
    const times = timesOf(rollout([ask, first, event('tool', 15)], [ask, first, event('assistant', 18)]));
    expect(times.events).toBe(4);
    // Where branches overlap, generation counts before tools.
    expect(told(times)).toBe('generation 10-18');
  });

  it('equal an oracle that asks every second', () => {
    const roles = fc.constantFrom<RolloutEvent['role']>('user', 'assistant', 'tool', 'system');
    const maybe = (low: number, high: number) => fc.option(fc.integer({ min: low, max: high }), { nil: undefined });
    const events = fc.array(fc.tuple(roles, maybe(1, 40), maybe(0, 8)), { maxLength: 7 });
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 3 }), (given) => {
        const one = rollout(...given.map((branch) => branch.map(([role, time, took]) => event(role, time, took))));
        const { edges, kinds } = timesOf(one);
        const slow = seconds(one);
        const fast = new Map<number, string>();
        for (let i = 0; i < kinds.length; i++) for (let s = edges[i]!; s < edges[i + 1]!; s++) fast.set(s, TIME_KINDS[kinds[i]!]!);
        expect([...fast]).toEqual([...slow]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Second -> kind, for each second between the first and the last of which anything is told. */
function seconds({ branches }: Rollout): Map<number, string> {
  const evidence: { readonly from: number; readonly to: number; readonly kind: string }[] = [];
  const kindOf = (one: RolloutEvent): string => ({ assistant: 'generation', tool: 'tool', user: 'waiting', system: 'unknown' })[one.role];
  for (const { events } of branches)
    for (const [i, one] of events.entries()) {
      if (one.time === undefined) continue;
      const before = events.slice(0, i).findLastIndex(({ time }) => time !== undefined);
      const clock = Math.max(...events.slice(0, i).map(({ time }) => time ?? -Infinity));
      const between = [...new Set(events.slice(before + 1, i).map(kindOf))];
      if (one.seconds !== undefined) {
        evidence.push({ from: one.time - one.seconds, to: one.time, kind: kindOf(one) });
        if (before >= 0 && between.length > 0)
          evidence.push({ from: clock, to: one.time - one.seconds, kind: between.length === 1 ? between[0]! : 'unknown' });
      } else if (before >= 0) {
        const all = [...new Set([...between, kindOf(one)])];
        evidence.push({ from: clock, to: one.time, kind: all.length === 1 ? all[0]! : 'unknown' });
      }
    }
  const real = evidence.filter(({ from, to }) => from < to);
  const out = new Map<number, string>();
  if (real.length === 0) return out;
  for (let s = Math.min(...real.map(({ from }) => from)); s < Math.max(...real.map(({ to }) => to)); s++) {
    const here = new Set(real.filter(({ from, to }) => from <= s && s < to).map(({ kind }) => kind));
    out.set(s, TIME_KINDS.find((kind) => here.has(kind)) ?? 'unknown');
  }
  return out;
}

describe('the timeline of a log', () => {
  const interval = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 }));
  const log = fc.array(fc.array(interval, { maxLength: 4 }), { maxLength: 6 });

  it('has the figures that counting every second gives', () => {
    fc.assert(
      fc.property(log, (given) => {
        const times = given.map((own) => unionOf(own.flatMap(([from, length, kind]) => [from, from + length, kind])));
        const { figures, origin, rollout: rows } = timelineOf(times);
        /** rollout -> second -> kind, by hand */
        const by = given.map((own) => {
          const all = own.map(([from, length, kind]) => ({ from, to: from + length, kind }));
          const low = Math.min(...all.map(({ from }) => from));
          const high = Math.max(...all.map(({ to }) => to));
          return Array.from({ length: 40 }, (_, s) => {
            if (s < low || s >= high) return -1;
            return Math.min(3, ...all.filter(({ from, to }) => from <= s && s < to).map(({ kind }) => kind));
          });
        });
        const at = Array.from({ length: 40 }, (_, s) => by.map((own) => own[s]!).filter((kind) => kind !== -1));
        const generating = at.map((here) => here.filter((kind) => kind === 0).length);
        const slots = Math.max(0, ...generating);
        const isShort = at.map((here, s) => here.length > 0 && generating[s]! < slots);
        const covered = at.filter((here) => here.length > 0).length;
        expect(figures.rollouts).toBe(given.filter((own) => own.length > 0).length);
        expect(figures.seconds).toEqual(TIME_KINDS.map((_, k) => by.flat().filter((kind) => kind === k).length));
        expect(figures).toMatchObject({ slots, covered, mostOpen: Math.max(0, ...at.map((here) => here.length)) });
        expect(figures.bubbles.seconds).toBe(isShort.filter(Boolean).length);
        expect(figures.bubbles.count).toBe(isShort.filter((short, s) => short && !isShort[s - 1]).length);
        if (slots > 0) expect(figures.utilisation).toBeCloseTo(generating.reduce((sum, one) => sum + one, 0) / (slots * covered), 12);
        const ends = by.flatMap((own) => [...own.keys()].filter((s) => own[s] !== -1));
        if (ends.length > 0) expect([origin, figures.span]).toEqual([Math.min(...ends), Math.max(...ends) + 1 - Math.min(...ends)]);
        // The path: from the last end back, the latest end that is no later than the start.
        const spans = Array.from(rows, (r) => ({
          start: by[r]!.findIndex((k) => k !== -1),
          end: by[r]!.findLastIndex((k) => k !== -1) + 1,
        }));
        let before = Infinity;
        const path: number[] = [];
        for (;;) {
          const candidates = [...spans.keys()].filter((row) => spans[row]!.end <= before);
          if (candidates.length === 0) break;
          const latest = Math.max(...candidates.map((row) => spans[row]!.end));
          const row = candidates.find((each) => spans[each]!.end === latest)!;
          path.push(row);
          before = spans[row]!.start;
        }
        expect(figures.path.rows).toEqual(path);
      }),
      { numRuns: 300 },
    );
  });
});
