/** Rounds as a session finds them, and what they gained, read off small logs by hand. */
import { describe, expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const record = (id: string, task: string, reward: number | null, more: object = {}): string =>
  `${JSON.stringify({
    id,
    task_id: task,
    ...(reward === null ? {} : { reward }),
    ...more,
    messages: [
      { role: 'user', content: `Do ${task}.` },
      { role: 'assistant', content: `Answer ${id} of ${task}.` },
    ],
  })}\n`;

/** Two rounds: the second only of what the first did not solve. */
const LOG = [
  record('a1', 'a', 1, { round: 1 }),
  record('a2', 'a', 0, { round: 1 }),
  record('b1', 'b', 0, { round: 1 }),
  record('b2', 'b', 0, { round: 1 }),
  record('b3', 'b', 1, { round: 2 }),
  record('c1', 'c', 0, { round: 1 }),
  record('c2', 'c', 0, { round: 1 }),
  record('c3', 'c', null, { round: 2 }),
  record('d1', 'd', 0),
].join('');

describe('rounds of a field', () => {
  it('gain what one counts by hand', async () => {
    const { session } = await openSession([inputFile('log.jsonl', LOG)]);
    const answer = await session.rounds({ by: null });
    expect(answer.sources).toEqual([{ id: 'field.round', label: 'field round', rounds: 2, rollouts: 8, tasks: 2, isTaken: true }]);
    expect(answer).toMatchObject({ by: 'field.round', tasks: 3, without: 1, unknown: 1, resamples: 1000, drawnRounds: 2 });
    expect(
      answer.rounds.map(({ name, rollouts, known, tasks, solvedTasks, newly, soFar }) => [
        name,
        rollouts,
        known,
        tasks,
        solvedTasks,
        newly,
        soFar,
      ]),
    ).toEqual([
      ['1', 6, 6, 3, 1, 1, 1],
      ['2', 2, 1, 2, 1, 1, 2],
    ]);
    expect(answer.rounds[0]?.reward.value).toBeCloseTo(1 / 6, 12);
    expect(answer.rounds[0]?.gain.value).toBeCloseTo(1 / 3, 12);
    const [{ low, high } = { low: Number.NaN, high: Number.NaN }] = answer.rounds.map(({ gain }) => gain);
    expect(low).toBeLessThanOrEqual(1 / 3);
    expect(high).toBeGreaterThanOrEqual(1 / 3);
    const { columns } = session.rollouts();
    const sampled = columns.find(({ id }) => id === 'sampled');
    const values = sampled?.type === 'number' ? [...sampled.values] : [];
    expect(answer.rounds.map((round) => round.sampled)).toEqual([
      [0, 1, 2, 3, 5, 6].reduce((sum, r) => sum + (values[r] ?? NaN), 0),
      [4, 7].reduce((sum, r) => sum + (values[r] ?? NaN), 0),
    ]);
    // Of a and c one round is known: nothing more is known of them than their first.
    expect(answer.whole).toEqual({ tasks: 3, solved: 2, comparable: 2, byOne: 0.5, byRounds: 0.5 });
    // One of each round against two of the first: b alone has both.
    expect(answer.budgets).toMatchObject([{ rounds: 2, each: 1, tasks: 1, byRounds: 1, byOne: 0, difference: { value: 1 } }]);
    expect(answer.ofTasks.map(({ label, known, solved }) => [label, known, solved])).toEqual(
      expect.arrayContaining([
        ['b', [2, 1], [0, 1]],
        ['c', [2, 0], [0, 0]],
      ]),
    );
  });
});

describe('rounds are found', () => {
  const byName = async (files: Record<string, string>): Promise<readonly (readonly [string, number])[]> => {
    const { session } = await openSession(Object.entries(files).map(([path, text]) => inputFile(path, text)));
    const { sources, by } = await session.rounds({ by: null });
    return [...sources.map(({ id, rounds }): [string, number] => [id, rounds]), ['chosen', sources.findIndex(({ id }) => id === by)]];
  };

  it('in names of files, and folders only where they are asked for', async () => {
    const files = { 'run/round_01/x.jsonl': record('a', 'a', 0), 'run/round_2/x.jsonl': record('b', 'a', 1) };
    expect(await byName(files)).toEqual([
      ['file', 2],
      ['folder', 2],
      ['chosen', 0],
    ]);
    expect(await byName({ 'run/first/x.jsonl': record('a', 'a', 0), 'run/again/x.jsonl': record('b', 'a', 1) })).toEqual([
      ['folder', 2],
      ['chosen', -1],
    ]);
    const { session } = await openSession(Object.entries(files).map(([path, text]) => inputFile(path, text)));
    const { by, rounds } = await session.rounds({ by: 'folder' });
    expect([by, rounds.map(({ name, newly }) => [name, newly])]).toEqual([
      'folder',
      [
        ['round_01', 0],
        ['round_2', 1],
      ],
    ]);
  });

  it('in fields that end so, in numbers and in words, and in the order in which people sort', async () => {
    const text = [10, 9, 2].map((n) => record(`r${n}`, 'a', 0, { meta_iteration: n, background: 1 })).join('');
    expect(await byName({ 'a.jsonl': text })).toEqual([
      ['field.meta_iteration', 3],
      ['chosen', 0],
    ]);
    const { session } = await openSession([inputFile('a.jsonl', text)]);
    expect((await session.rounds({ by: null })).rounds.map(({ name }) => name)).toEqual(['2', '9', '10']);
  });

  it('in versions of the policy where they are numbered, and not in names of models', async () => {
    const log = (...policies: readonly string[]): string =>
      policies.map((policy, n) => record(`p${n}`, 'a', n, { policy_version: policy })).join('');
    expect(await byName({ 'a.jsonl': log('step_2', 'step_10') })).toEqual(
      expect.arrayContaining([
        ['policy', 2],
        ['chosen', 0],
      ]),
    );
    const { session } = await openSession([inputFile('a.jsonl', log('gpt-4o-2024', 'claude-3'))]);
    const { by, sources } = await session.rounds({ by: null });
    expect([by, sources]).toEqual([null, [expect.objectContaining({ id: 'policy', rounds: 2, isTaken: false })]]);
  });

  it('in labels round:N that a person gave', async () => {
    const { session } = await openSession([inputFile('a.jsonl', record('x', 'a', 0) + record('y', 'a', 1) + record('z', 'a', 1))]);
    const [first, second] = session.rollouts().keys;
    const note = (key: string | undefined, ...labels: string[]) =>
      ({ subject: { kind: 'rollout', key: key as never }, text: '', labels }) as const;
    session.setNotes([note(first, 'good', 'round:2'), note(second, 'round: 1')]);
    const answer = await session.rounds({ by: null });
    expect(answer).toMatchObject({ by: 'label', without: 1 });
    expect(answer.rounds.map(({ name, rollouts, newly }) => [name, rollouts, newly])).toEqual([
      ['1', 1, 1],
      ['2', 1, 0],
    ]);
  });

  it('nowhere, and then nothing is claimed', async () => {
    const { session } = await openSession([inputFile('a.jsonl', record('x', 'a', 0))]);
    expect(await session.rounds({ by: null })).toMatchObject({ by: null, rounds: [], without: 1, budgets: [], sources: [] });
    expect(await session.rounds({ by: 'label' })).toMatchObject({ by: null });
  });
});

it('ends a question that a person stops, and one that a newer replaces', async () => {
  const { session } = await openSession([inputFile('log.jsonl', LOG)]);
  const stopped = session.rounds({ by: null });
  session.stopStudy('rounds');
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  const older = session.rounds({ by: null });
  const newer = session.rounds({ by: 'field.round' });
  await expect(older).rejects.toMatchObject({ name: 'AbortError' });
  expect((await newer).by).toBe('field.round');
});

it('a field that is another in each of many rollouts is not taken unasked, and refused where it would not fit', async () => {
  const log = Array.from({ length: 2100 }, (_, i) => record(`r${i}`, `t${i}`, 1, { attempt_id: i })).join('');
  const { session } = await openSession([inputFile('log.jsonl', log)]);
  const answer = await session.rounds({ by: null });
  expect(answer.by).toBeNull();
  expect(answer.sources).toMatchObject([{ id: 'field.attempt_id', rounds: 2100, isTaken: false }]);
  await expect(session.rounds({ by: 'field.attempt_id' })).rejects.toThrow(
    'expected at most 1997 rounds of 2100 tasks, found 2100 in field.attempt_id',
  );
});
