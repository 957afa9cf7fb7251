/** Rewards of files beside a log, in the page with its real session. */
import { beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { client } from '../../../src/app/queries/client.ts';
import { factsKey } from '../../../src/app/queries/opening.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const facts = () => client.getQueryData<DatasetFacts>(factsKey(useChoices.getState().opening?.id ?? 0));
const dialog = (name: string) => page.getByRole('dialog', { name });

beforeAll(mountPage, 90_000);

it('says in one line which rewards are of files beside the log, and leaves them out', async () => {
  const log = ['x-1', 'x-2'].map((task) =>
    JSON.stringify({
      instance_id: task,
      messages: [
        { role: 'user', content: `Mend ${task}.` },
        { role: 'assistant', content: 'Mended.' },
      ],
    }),
  );
  const summary = JSON.stringify({ total_instances: 2, resolved_ids: ['x-1'], unresolved_ids: ['x-2'], schema_version: 2 });
  const patches = JSON.stringify({ instance_id: 'x-1', patches: ['a', 'b', ''], issue: 'Mend it.' });
  drop(new File([`${log.join('\n')}\n`], 'runs.jsonl'), new File([summary], 'report.json'), new File([patches], 'patches.json'));
  await vi.waitFor(() => expect(facts()?.joined).toMatchObject({ rollouts: 2, candidates: 3 }), { timeout: 40_000 });
  const patchesOf = async (label: string): Promise<string | undefined> => {
    useChoices.getState().selectTask(label);
    const task = page.getByRole('region', { name: 'Task', exact: true });
    await expect.element(task.getByText(label, { exact: true })).toBeVisible();
    return /candidate patches(\d+)/.exec(task.element().textContent)?.[1];
  };
  expect(await patchesOf('x-1')).toBe('3');
  expect(await patchesOf('x-2')).toBeUndefined();
  useChoices.getState().set({ panel: 'dataset' });
  const panel = dialog('Open dataset');
  await expect.element(panel.getByText('2 rewards from report.json; 3 candidate patches')).toBeVisible();
  await panel.getByRole('button', { name: 'Leave them out' }).click();
  await vi.waitFor(() => expect(facts()?.rewards).toBeNull(), { timeout: 40_000 });
  useChoices.getState().set({ panel: 'dataset' });
  await panel.getByRole('button', { name: 'Join them' }).click();
  await vi.waitFor(() => expect(facts()?.rewards).toMatchObject({ known: 2 }), { timeout: 40_000 });
  await userEvent.keyboard('{Escape}');
}, 90_000);
