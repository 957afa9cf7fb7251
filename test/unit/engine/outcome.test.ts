/** A rule that lets only successful rollouts train, from log to export. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const call = (id: string, reward: number | undefined, answer: string): string =>
  JSON.stringify({
    id,
    task_id: 'orchard',
    ...(reward === undefined ? {} : { reward }),
    messages: [
      { role: 'user', content: 'How many trees?' },
      { role: 'assistant', content: answer },
    ],
  });

async function exported(lines: readonly string[], outcome: 'all' | 'successes') {
  const { session } = await openSession([inputFile('orchard.jsonl', lines.join('\n'))]);
  const { orderId } = session.order({ ...DEFAULT_RULE, outcome });
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens', 'forest'), sink, () => undefined);
  const records = linesOf(sink.files.get('tokens.jsonl')) as unknown as { rollout: string; weight: number[] }[];
  return { records, forest: sink.files.get('forest.jsonl')!, session, orderId };
}

const log = [call('won', 1, 'There are three.'), call('lost', 0, 'There are many.'), call('won too', 0.5, 'Three of them.')];

it('writes no record of a failure and divides by the successes', async () => {
  const all = await exported(log, 'all');
  expect(all.records.map(({ rollout }) => rollout).sort()).toEqual(['lost', 'won', 'won too']);
  const { records, session, orderId } = await exported(log, 'successes');
  expect(records.map(({ rollout }) => rollout).sort()).toEqual(['won', 'won too']);
  // Each of two successes counts half; "There are" is shared with the failure, which adds nothing to it.
  for (const { weight } of records) expect(new Set(weight.filter((value) => value > 0))).toEqual(new Set([0.5]));
  const keep = session.keep(orderId, { cut: 1, train: 1 });
  const trained = records.reduce((sum, { weight }) => sum + weight.filter((value) => value > 0).length, 0);
  expect(keep.training.after).toBe(trained);
});

it('lets all train where the log has no rewards', async () => {
  const unrewarded = [call('a', undefined, 'One.'), call('b', undefined, 'Two.')];
  const { records } = await exported(unrewarded, 'successes');
  expect(records).toHaveLength(2);
});

it('writes a forest that still knows what the failures sampled', async () => {
  const { forest } = await exported(log, 'successes');
  const { session } = await openSession([inputFile('forest.jsonl', forest)]);
  const { orderId } = session.order({ ...DEFAULT_RULE, outcome: 'all' });
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens'), sink, () => undefined);
  expect(linesOf(sink.files.get('tokens.jsonl'))).toHaveLength(3);
});

it('warns of no task that only failures wrote, nor of a cut, while the budget is whole; and counts the tasks that train', async () => {
  const other = call('elsewhere', 0, 'Nobody knows.').replace('"orchard"', '"field"');
  const { session } = await openSession([inputFile('orchard.jsonl', [...log, other].join('\n'))]);
  const { orderId } = session.order({ ...DEFAULT_RULE, outcome: 'successes' });
  const budget = { cut: 1, train: 1 };
  const keep = session.keep(orderId, budget);
  expect(keep.warnings).toEqual([]);
  expect(keep.tasks).toMatchObject({ empty: 0, withoutEndings: 0 });
  expect(session.fidelity(orderId, budget, exportSpec()).tasksTrained).toEqual({ before: 1, after: 1 });
});
