/** A short text in the inspector has what stands before and after it, and a press goes there. */
import { beforeAll, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { ask } from '../../../src/app/queries/client.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const chat = (answer: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: '<b>Count</b> the pears' },
      { role: 'assistant', content: answer },
    ],
    reward: 1,
  });

beforeAll(async () => {
  await mountPage();
  drop(new File([[chat('Let me look.'), chat('Let me look.'), chat('I know this one.')].join('\n')], 'pears.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('signal retained'), { timeout: 30_000 });
});

it('in the words of the log, widest way first', async () => {
  const shape = await ask(async (session) => session.shape((await session.order(DEFAULT_RULE)).orderId, 0, 'tokens'));
  const fork = Array.from({ length: shape.length }, (_, n) => n).find((n) => shape.parent.filter((parent) => parent === n).length > 1)!;
  useChoices.getState().selectNode(nodeKeyOf(shape.keys, fork));
  const text = page.getByRole('region', { name: 'Text' });
  await expect.element(text.getByRole('button', { name: /^after, 2 of 3 .*Let me look/ })).toBeVisible();
  await expect.element(text.getByRole('button', { name: /^after, 1 of 3 .*I know this one/ })).toBeVisible();
  await expect.element(text.getByRole('button', { name: /^before .*<b>Count<\/b> the pears/ })).toBeVisible();
  const keys = Array.from({ length: shape.length }, (_, n) => nodeKeyOf(shape.keys, n));
  const before = useChoices.getState().node;
  // What comes meanwhile moves it: a pointer might miss.
  const button = text.getByRole('button', { name: /^after, 1 of 3/ }).element();
  if (button instanceof HTMLElement) button.click();
  await expect.poll(() => useChoices.getState().node).not.toBe(before);
  expect(shape.parent[keys.indexOf(useChoices.getState().node!)]).toBe(fork);
});
