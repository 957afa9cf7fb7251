/** The verbs of a session about schedules, on a log whose figures can be counted by hand. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CLUSTER } from '../../../../src/core/schedule/settings.ts';
import { POLICIES } from '../../../../src/core/schedule/policies.ts';
import type { ScheduleTimes } from '../../../../src/engine/answers/schedule.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { timelineCsv } from '../../../../src/engine/studies/schedule/timeline-csv.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

let session: Session;
let times: ScheduleTimes;

beforeAll(async () => {
  ({ session } = await openSession([inputFile('a.jsonl', readFileSync('test/unit/engine/schedule/two-at-once.jsonl', 'utf8'))]));
  times = await session.scheduleTimes();
});

describe('scheduleTimes', () => {
  it('counts rollouts with times and without, and says when they ran', () => {
    const { timeline, names, rollouts, withoutTimes, unasked, beyond, events } = times;
    expect({ rollouts, withoutTimes, unasked, beyond }).toEqual({ rollouts: 3, withoutTimes: 1, unasked: 0, beyond: 0 });
    expect(names).toEqual(['first', 'second']);
    expect(events).toEqual({ all: 10, untimed: 2, backwards: 0, unplaced: 0 });
    expect(timeline.origin).toBe(Date.parse('2026-03-01T10:00:00Z') / 1000);
    // first: 0–4 generation, –10 tool, –12 generation; second: 2–5 generation, –11 waiting, –16 generation.
    expect(timeline.figures).toMatchObject({ seconds: [14, 6, 6, 0], span: 16, covered: 16, slots: 2, mostOpen: 2 });
    // Two generate from 2 to 4 and from 11 to 12.
    expect(timeline.figures.bubbles).toEqual({ seconds: 13, count: 3 });
    expect(timeline.figures.utilisation).toBeCloseTo(14 / 32, 12);
    expect(timeline.figures.path).toEqual({ rows: [1], seconds: [8, 0, 6, 0], gaps: 0 });
  });

  it('measures work: turns, tokens by turn, tools between them', () => {
    const { work } = times;
    expect(work).toMatchObject({ rollouts: 3, leftOut: 0, allTurns: 5, timedTurns: 4, unknownRests: 0 });
    expect(work.rest).toMatchObject({ count: 2, sum: 12, most: 6 });
    const sampled = session.rollouts().columns.find(({ id }) => id === 'sampled');
    const tokens = sampled?.type === 'number' ? [...sampled.values] : [];
    expect(work.tokensPerTurn.sum).toBeCloseTo(
      tokens.reduce((sum, one) => sum + one, 0),
      9,
    );
    expect(work.rate).toBeCloseTo(((tokens[0] ?? 0) + (tokens[1] ?? 0)) / 14, 9);
  });

  it('writes a row of CSV for each interval', () => {
    const rows = timelineCsv(times).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 6);
    expect(rows[1]).toMatch(/^first,.*,generation,2026-03-01T10:00:00\.000Z,2026-03-01T10:00:04\.000Z,4$/);
  });
});

describe('scheduleRuns', () => {
  const cluster = { ...DEFAULT_CLUSTER, steps: 2, batch: 4, seeds: 3 };

  it('gives every policy the same work, and the same answer twice', async () => {
    const runs = await session.scheduleRuns(cluster);
    if (!runs.ok) throw new Error(runs.why);
    expect(runs.comparison.results.map(({ policy }) => policy)).toEqual(POLICIES.map(({ id }) => id));
    expect(runs.comparison.rollouts).toBe(8);
    const separated = runs.comparison.results.find(({ policy }) => policy === 'separated');
    expect(separated?.toSeparated).toEqual({ mean: 1, low: 1, high: 1 });
    for (const { use, lags } of runs.comparison.results) {
      expect(Object.values(use).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(lags.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    expect(await session.scheduleRuns(cluster)).toEqual(runs);
  });

  it('says why nothing is simulated', async () => {
    expect(await session.scheduleRuns({ ...cluster, train: 16 })).toMatchObject({ ok: false, why: expect.stringContaining('Train nodes') });
    const most = { ...cluster, steps: 1000, batch: 4096, seeds: 64 };
    expect(await session.scheduleRuns(most)).toMatchObject({ ok: false, why: expect.stringContaining('20000000 turns') });
  });

  it('ends when it is told to stop', async () => {
    const asked = session.scheduleRuns({ ...cluster, steps: 100, batch: 64, seeds: 64 }, () => session.stopStudy('schedule-runs'));
    await expect(asked).rejects.toThrow(/abort/i);
  });
});
