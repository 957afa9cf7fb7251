/** The palette finds more than actions: tasks, tools and every choice of a setting. */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const record = (task: string, tool: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: task },
      { role: 'assistant', content: '', tool_calls: [{ id: 'a', type: 'function', function: { name: tool, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
      { role: 'assistant', content: 'Done.' },
    ],
    reward: 1,
  });

beforeAll(async () => {
  await mountPage();
  drop(new File([[record('Count the pears', 'look up'), record('Water the beds', 'pour')].join('\n')], 'two.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('2 rollouts · 2 tasks'), { timeout: 30_000 });
  await vi.waitFor(() => expect(document.body.textContent).toContain('signal retained'), { timeout: 30_000 });
});

beforeEach(async () => {
  useChoices.getState().set({ panel: null });
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')).toBeNull());
  useChoices.getState().set({ panel: 'palette' });
  await expect.element(page.getByRole('textbox', { name: 'Find an action' })).toHaveFocus();
});

it('goes to a task', async () => {
  await userEvent.keyboard('task water');
  await expect.element(page.getByRole('dialog').getByRole('button', { name: /Water the beds/ })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(useChoices.getState().task).not.toBeNull());
});

it('filters by a tool whose name has a blank', async () => {
  await userEvent.keyboard('call look');
  await expect.element(page.getByRole('button', { name: /Rollouts that call look up/ })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  expect(useChoices.getState().filter).toBe('tool:"look up"');
  useChoices.getState().set({ filter: '' });
});

it('chooses a strategy as one step that can be undone', async () => {
  const before = useChoices.getState().pruning.present.rule.strategy;
  await userEvent.keyboard('strategy breadth');
  await userEvent.keyboard('{Enter}');
  expect(useChoices.getState().pruning.present.rule.strategy).toBe('breadth-first');
  useChoices.getState().undo();
  expect(useChoices.getState().pruning.present.rule.strategy).toBe(before);
});

it('says where nothing has these words', async () => {
  await userEvent.keyboard('zebra');
  await expect.element(page.getByText('Nothing has these words in its name.')).toBeVisible();
  useChoices.getState().set({ panel: null });
});
