/** Which records are written and in what order: no duplicates, as many of each kind, shuffled by a seed. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ExportSpec, RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

interface Line {
  readonly task: string;
  readonly rollout: string;
  readonly input_ids: number[];
  readonly weight: number[];
}

const rollout = (task: string, id: string, said: string, reward: number | null): string =>
  JSON.stringify({
    id,
    task_id: task,
    messages: [
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'One' },
      { role: 'user', content: 'On.' },
      { role: 'assistant', content: said },
    ],
    ...(reward === null ? {} : { reward }),
  });
const LOG = [
  ...['a1', 'a2', 'a3', 'a4', 'a5'].map((id, i) => rollout('a', id, `two ${i}`, i === 0 ? 1 : 0)),
  ...['b1', 'b2'].map((id, i) => rollout('b', id, `three ${i}`, 1)),
  // Says what a2 says.
  rollout('c', 'c1', 'two 1', 0),
  rollout('c', 'c2', 'four', null),
  rollout('c', 'c3', 'five', null),
];

async function written(records: Partial<RecordSettings>, changes: Partial<ExportSpec> = {}, log: readonly string[] = LOG) {
  const { session } = await openSession([inputFile('log.jsonl', `${log.join('\n')}\n`)]);
  const sink = memorySink();
  const spec = { ...exportSpec('tokens', 'tree', 'forest'), ...changes, records };
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const { totals } = JSON.parse(sink.files.get('manifest.json') ?? '') as {
    totals: { records: number; left_out?: object; training_tokens: { after: number } };
  };
  const lines = linesOf(sink.files.get('tokens.jsonl')) as unknown as Line[];
  expect(totals.records).toBe(lines.length);
  return { lines, names: lines.map((line) => line.rollout), totals, sink };
}

const trainedOf = (lines: readonly Line[]): number => lines.reduce((sum, { weight }) => sum + weight.filter((own) => own > 0).length, 0);

it('leaves out records with the tokens of an earlier one', async () => {
  const whole = await written({});
  expect(whole.names).toHaveLength(10);
  expect(whole.totals.left_out).toBeUndefined();
  const { names, totals } = await written({ dedup: true });
  expect(whole.names.filter((name) => !names.includes(name))).toEqual(['c1']);
  expect(totals.left_out).toMatchObject({ duplicates: 1, unbalanced: 0 });
  // Marks count too: where nothing but the last turn of c1 trains, it is another record.
  const other = LOG.map((line) => (line.includes('"c1"') ? line.replace('"content":"One"', '"content":"One","weight":0') : line));
  expect((await written({ dedup: true }, {}, other)).totals.left_out).toMatchObject({ duplicates: 0 });
});

it('has as many records of each task, and trains each token that is left as before', async () => {
  for (const weights of ['branch-mean', 'train-once'] as const) {
    const { lines, totals } = await written({ balance: 'task', seed: 3 }, { weights });
    const tasks = lines.map(({ task }) => task);
    expect(['a', 'b', 'c'].map((task) => tasks.filter((own) => own === task).length)).toEqual([2, 2, 2]);
    expect(totals.left_out).toMatchObject({ duplicates: 0, unbalanced: 4 });
    if (weights === 'train-once') expect(trainedOf(lines)).toBe(totals.training_tokens.after);
    // All of a task sampled the first answer: over what is left of them it still weighs 1.
    const first = lines.filter(({ task }) => task === 'a').map(({ weight }) => weight.find((own) => own > 0) ?? 0);
    if (weights === 'branch-mean') expect(first.reduce((sum, own) => sum + own, 0)).toBeCloseTo(1, 12);
  }
});

it('has as many successes as failures; rollouts of unknown reward stay', async () => {
  const { names, totals } = await written({ balance: 'outcome' });
  expect(names.filter((name) => ['a1', 'b1', 'b2'].includes(name))).toHaveLength(3);
  expect(names.filter((name) => ['a2', 'a3', 'a4', 'a5', 'c1'].includes(name))).toHaveLength(3);
  expect(names).toEqual(expect.arrayContaining(['c2', 'c3']));
  expect(totals.left_out).toMatchObject({ unbalanced: 2 });
});

it('shuffles records by a seed, and keeps those of a task together where files hold tasks', async () => {
  const [whole, one, other] = [await written({}), await written({ shuffle: true, seed: 1 }), await written({ shuffle: true, seed: 2 })];
  expect(one.names).not.toEqual(whole.names);
  expect(other.names).not.toEqual(one.names);
  expect(one.lines.toSorted((a, b) => (a.rollout < b.rollout ? -1 : 1))).toEqual(
    whole.lines.toSorted((a, b) => (a.rollout < b.rollout ? -1 : 1)),
  );
  for (const file of ['tree/train.jsonl', 'forest.jsonl']) {
    const lines = (found: typeof whole): string[] => (found.sink.files.get(file) ?? '').trimEnd().split('\n');
    expect(lines(one).toSorted()).toEqual(lines(whole).toSorted());
  }
});

it('does not depend on the order of lines', async () => {
  for (const records of [{ dedup: true }, { balance: 'task' }, { balance: 'outcome', seed: 5 }, { shuffle: true, seed: 9 }] as const) {
    expect((await written(records, {}, LOG.toReversed())).names).toEqual((await written(records)).names);
  }
});
