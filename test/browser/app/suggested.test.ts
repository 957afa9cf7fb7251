/** The budget that a log opens on where nobody has set one: never below what its pins need, and said to be raised where it is. */
import { beforeAll, expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { suggestedBudget } from '../../../src/app/state/suggested.ts';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { drop, mountPage } from '../mount.ts';

/** Rollouts that share nothing and of which nearly all that is sampled is the last turn. */
function answers(): File {
  const lines = [0, 1, 2].map((i) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Question ${i}: how many trees?` },
        { role: 'assistant', content: 'Wait.' },
        { role: 'user', content: 'Go on.' },
        { role: 'assistant', content: `There are ${i} trees here. `.repeat(8) },
      ],
    }),
  );
  return new File([lines.join('\n')], 'answers.jsonl');
}

const note = () => document.querySelector('[role=note]')?.textContent ?? '';
const share = () => document.querySelector<HTMLInputElement>('[aria-label="train budget in percent"]')?.value ?? '';

beforeAll(async () => {
  await mountPage();
  drop(answers());
  await vi.waitFor(() => expect(note()).toContain('Opened with the preset SFT'), { timeout: 20_000 });
  // Settings that are no preset's, which pin whole events.
  useChoices.getState().setRule(DEFAULT_RULE);
});

it('opens on the preset that a log calls for, and says why', () => {
  expect(note()).toContain('the log has no rewards, so all rollouts count as examples.');
});

it('starts where every event pinned for training fits, and says why', async () => {
  await vi.waitFor(
    () => expect(note()).toMatch(/It starts at \d+\u202f%, because events pinned for training hold \d+ of \d+ sampled tokens\./),
    { timeout: 20_000 },
  );
  const [, percent = 0, pinned = 0, of = 0] = (/starts at (\d+)\D+(\d+) of (\d+)/.exec(note()) ?? []).map(Number);
  expect(pinned / of).toBeGreaterThan(0.5);
  expect(percent).toBe(Math.ceil((100 * pinned) / of));
  await vi.waitFor(() => expect(share()).toBe(`${percent}.0\u202f%`));
  await vi.waitFor(() => expect(document.querySelector('table')).not.toBeNull());
  expect(document.body.textContent).not.toContain('Train pins not met');
});

it('leaves a share that a person chose as it is, and says then what the pins lack', async () => {
  useChoices.getState().setBudget({ cut: 1, train: 0.5 });
  await vi.waitFor(() => expect(document.body.textContent).toContain('Train pins not met'));
  expect(share()).toBe('50.0\u202f%');
  expect(note()).not.toContain('It starts at');
  useChoices.getState().undo();
});

it('stays at one half where pins need less, and at the cut where that suits the log', () => {
  const suited = (target: 'cut' | 'train') => ({ suited: { target, shared: 0, flat: 0 } }) as DatasetFacts;
  const pins = (tokens: number, of: number) => ({ trainPins: { tokens, of } });
  expect(suggestedBudget(suited('train'), pins(499, 1000), null)).toEqual({ cut: 1, train: 0.5 });
  expect(suggestedBudget(suited('train'), pins(0, 0), null)).toEqual({ cut: 1, train: 0.5 });
  expect([57, 57.01, 99.99, 100].map((percent) => suggestedBudget(suited('train'), pins(percent * 100, 10_000), null).train)).toEqual([
    0.57, 0.58, 1, 1,
  ]);
  expect(suggestedBudget(suited('cut'), pins(10, 10), null)).toEqual({ cut: 0.3, train: 1 });
});
