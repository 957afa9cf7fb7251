/** A forest export keeps which trajectory sampled what. */
import { expect, it } from 'vitest';
import { open, rule } from '../../../src/cli/api.ts';
import { withSampledRuns } from '../../../src/core/export/forest-upgrade.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const say = (content: string, weight = 1): object => ({ role: 'assistant', content, weight });
const ask = (content: string): object => ({ role: 'user', content });
/** One answer that two rollouts give: the second has no loss on it. */
const LOG = [
  { id: 'a', task_id: 't', messages: [ask('Water?'), say('Yes.'), ask('Now?'), say('Soon.')] },
  { id: 'b', task_id: 't', messages: [ask('Water?'), say('Yes.', 0), ask('Now?'), say('Later.')] },
  { id: 'c', task_id: 't', messages: [ask('Water?'), say('Yes.', 0), ask('Now?'), say('Later.')] },
]
  .map((record) => JSON.stringify(record))
  .join('\n');

async function exported(name: string, text: string): Promise<Map<string, string>> {
  const { session } = await openSession([inputFile(name, text)]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest', 'tokens'), sink, () => undefined);
  return sink.files;
}

it('gives the same weights and the same forest when it is opened again', async () => {
  const first = await exported('log.jsonl', LOG);
  const again = await exported('forest.jsonl', first.get('forest.jsonl') ?? '');
  expect(again.get('forest.jsonl')).toBe(first.get('forest.jsonl'));
  expect(again.get('tokens.jsonl')).toBe(first.get('tokens.jsonl'));
  const weights = linesOf(first.get('tokens.jsonl')).map(({ weight }) => [...new Set(weight as number[])]);
  // "Later." was sampled by two of three; "Yes." and "Soon." by one.
  expect(weights).toEqual([
    [0, 2 / 3],
    [0, 1 / 3],
  ]);
});

it('takes the first trajectories through a node for those that version 2 counted', () => {
  const record = {
    parent: [-1, 0, 0],
    token_ids: [[1, 2], [3], [4, 5]],
    sampled_count: [1, 1, 1],
    trajectories: [{ leaf: 1 }, { leaf: 2 }, { leaf: 7 }, 'none'],
  };
  expect(withSampledRuns(record)).toEqual({
    ...record,
    trajectories: [{ leaf: 1, sampled: [0, 3] }, { leaf: 2, sampled: [2, 4] }, { leaf: 7 }, 'none'],
  });
  for (const torn of [null, 3, {}, { ...record, parent: 'x' }]) expect(withSampledRuns(torn)).toEqual(torn);
});

it('is written again by default without the messages that it lacks, and says so', async () => {
  const first = await exported('log.jsonl', LOG);
  const bytes = new TextEncoder().encode(first.get('forest.jsonl'));
  const pruned = (await open([{ name: 'forest.jsonl', bytes }])).prune(rule(), { cut: 1, train: 1 });
  const sink = memorySink();
  const files = await pruned.export(sink);
  expect(files.map(({ name }) => name)).toEqual(['tokens.jsonl', 'forest.jsonl', 'manifest.json']);
  const skipped = [{ profile: 'messages', reason: expect.stringContaining('holds token ids and no messages') as string }];
  expect(pruned.exportFigures().skipped).toEqual(skipped);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({ skipped });
  await expect(pruned.export(memorySink(), { profiles: [{ profile: 'messages' }, { profile: 'tokens' }] })).rejects.toThrow('no messages');
});
