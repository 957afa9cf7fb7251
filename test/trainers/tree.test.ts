/** Packed trees by the reference loader: one forward a row gives the loss and the gradients of all flat rows. */
import { describe, expect, it } from 'vitest';
import type { ChosenProfile } from '../../src/cli/api.ts';
import { exportForCheck, runCheck, runChecks, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const areal = trainerEnvironment('areal');
const LOG = { logs: ['public/samples/orchard.jsonl'], budget: { cut: 0.2, train: 1 } };

function chat(task: string, answer: string): string {
  const messages = [
    { role: 'user', content: `How are the ${task}?` },
    { role: 'assistant', content: answer },
  ];
  return JSON.stringify({ id: `${task}-${answer}`, task_id: task, reward: 1, messages });
}

describe.skipIf(core.missing !== null)(titled('packed trees', core), () => {
  it('have the loss and the gradients of the flat rows, in every encoding and by every convention', async () => {
    const tree = (options: NonNullable<ChosenProfile['options']>): readonly ChosenProfile[] => [{ profile: 'tree', options }];
    const exports = [
      await exportForCheck({ ...LOG, profiles: tree({ tokens: 1536 }), weights: 'branch-mean' }),
      await exportForCheck({ ...LOG, profiles: tree({ tokens: 2048, format: 'parquet' }), weights: 'train-once' }),
      await exportForCheck({ ...LOG, profiles: tree({ tokens: 1536, format: 'safetensors' }), weights: 'branch-mean' }),
    ];
    const found = await runChecks(
      core,
      'tree_loader',
      exports.map(({ folder }) => folder),
    );
    for (const [i, { records }] of exports.entries()) {
      expect(found[i]).toMatchObject({ samples: records });
      expect(found[i]['rows']).toBeGreaterThan(8);
      expect(found[i]['rows']).toBeLessThan(records);
      expect(found[i]['losses']).toBeGreaterThan(1000);
    }
    expect(found[2]['losses']).toBe(found[0]['losses']);
  }, 600_000);

  it('train by the lines that the profile prints', async () => {
    const chats = ['Dry.', 'Wet.', 'Gone.'].flatMap((answer) => [chat('pears', answer), chat('plums', answer)]);
    const logs = [{ name: 'a.jsonl', bytes: new TextEncoder().encode(`${chats.join('\n')}\n`) }];
    const { folder } = await exportForCheck({ logs, profiles: [{ profile: 'tree' }], template: 'chatml' });
    const [found] = await runChecks(core, 'tree_loader', [folder]);
    expect(found).toMatchObject({ rows: 2, samples: 6 });
    expect(found?.['lines']).toBeGreaterThan(0);
  }, 600_000);
});

describe.skipIf(areal.missing !== null)(titled('packed trees', areal), () => {
  it('are the tries, masks and log-probs that AReaL makes of their samples', async () => {
    const { folder } = await exportForCheck({ ...LOG, profiles: [{ profile: 'tree', options: { tokens: 1536 } }] });
    const found = await runCheck(areal, 'areal_tree', folder);
    expect(found['rows']).toBeGreaterThan(8);
    expect(found['nodes']).toBeGreaterThan(50);
  }, 600_000);
});
