/** Notes about what the open log does not have: all are counted, and those that are not listed are said to be there. */
import { beforeAll, expect, it, vi } from 'vitest';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

beforeAll(mountPage, 90_000);

it('lists fifty notes that are not in force, and says how many more there are', async () => {
  const line = JSON.stringify({ id: 'one', task: 'pears', reward: 1, messages: [{ role: 'user', content: 'How many?' }] });
  drop(new File([`${line}\n`], 'log.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('1 rollout'), { timeout: 40_000 });
  const noteFor = (n: number) => ({
    subject: { kind: 'rollout' as const, key: n.toString(16).padStart(16, '0') },
    text: `note ${n}`,
    labels: [],
  });
  const listed = () => [...document.querySelectorAll('[aria-label="Notes and labels"] details li')].map((item) => item.textContent);
  useChoices.getState().setNotes(Array.from({ length: 50 }, (_, n) => noteFor(n)));
  await vi.waitFor(() => expect(listed()).toHaveLength(50), { timeout: 20_000 });
  expect(listed().at(-1)).toContain('note 49');
  useChoices.getState().setNotes(Array.from({ length: 1253 }, (_, n) => noteFor(n)));
  await vi.waitFor(() => expect(listed()).toHaveLength(51), { timeout: 20_000 });
  expect(listed().at(-1)).toBe('and 1,203 more');
}, 90_000);
