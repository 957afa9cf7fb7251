/** The export dialog over a real session: the look at the records, what is found and kept of choices, lines and command to copy. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { useExporting } from '../../../src/app/state/exporting.ts';
import { drop, mountPage } from '../mount.ts';

const KEY = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
const dialog = page.getByRole('dialog', { name: 'Export training set' });
const look = dialog.getByRole('region', { name: 'Preflight' });
const copied: string[] = [];

const log = ['Take it.', 'No, thanks.', 'Later.']
  .map((answer, i) =>
    JSON.stringify({
      id: `r${i}`,
      messages: [
        { role: 'user', content: `The key is ${KEY}.` },
        { role: 'assistant', content: answer },
      ],
      reward: i,
    }),
  )
  .join('\n');

beforeAll(async () => {
  // Else the command needs the scores of the model, once it has made them.
  localStorage.setItem('espalier-score-by-itself', 'no');
  await mountPage();
  drop(new File([`${log}\n`], 'keys.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('3 rollouts · 1 task'), { timeout: 20_000 });
  useChoices.getState().setRule(DEFAULT_RULE);
  useChoices.getState().setBudget({ cut: 1, train: 1 });
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text));
});
afterAll(() => {
  localStorage.removeItem('espalier-score-by-itself');
  vi.restoreAllMocks();
});
afterEach(async () => {
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')).toBeNull());
});

const open = async (): Promise<void> => {
  useChoices.getState().set({ panel: 'export' });
  await expect.element(dialog).toBeVisible();
};

it('looks at few records unasked, and says what it found without the value of a secret', async () => {
  await open();
  await expect.element(look.getByText(/^\d+ problems? to look at before training/)).toBeVisible();
  await expect.element(look.getByText(/3 places have a GitHub token \(1 different, in 3 records\)/)).toBeVisible();
  await expect.element(look.getByRole('table', { name: /^Reward/ }).getByRole('row', { name: /above 0/ })).toHaveTextContent('2');
  expect(look.element().textContent).toContain('ghp_… (40 characters)');
  expect(look.element().textContent).not.toContain(KEY);
});

it('looks again when what is written changes', async () => {
  await open();
  await dialog.getByText('Records', { exact: true }).click();
  const seed = dialog.getByRole('spinbutton', { name: 'Validation' });
  await seed.fill('0.5');
  expect(useExporting.getState().records).toEqual({ validation: 0.5 });
  // One task cannot be divided: all stays where it was, and the setting is kept while the dialog is closed.
  await expect.element(look.getByText(/3 records of 1 task/)).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await open();
  await expect.element(dialog.getByRole('spinbutton', { name: 'Validation' })).toHaveValue(0.5);
  await dialog.getByRole('spinbutton', { name: 'Validation' }).fill('0');
  expect(useExporting.getState().records).toEqual({});
});

it('finds a kind of file by its trainer, and shows what trains on it and the command that writes it', async () => {
  await open();
  await dialog.getByRole('searchbox', { name: 'Find a kind of file' }).fill('sfttrainer labels');
  await expect.element(dialog.getByRole('checkbox', { name: /TRL tokens/ })).toBeVisible();
  expect(dialog.getByRole('checkbox', { name: /^Messages/ }).query()).toBeNull();
  await dialog.getByRole('checkbox', { name: /TRL tokens/ }).click();
  await dialog.getByRole('searchbox', { name: 'Find a kind of file' }).fill('nothing of that name');
  await expect.element(dialog.getByText('No kind of file is called')).toBeVisible();
  await dialog.getByRole('searchbox', { name: 'Find a kind of file' }).fill('');
  await dialog.getByRole('button', { name: 'Copy Command line' }).click();
  expect(copied.at(-1)).toBe('espalier prune keys.jsonl --preset none --budget 1 --export messages,tokens,forest,trl-tokens --out set/');
  const address = vi.spyOn(URL, 'createObjectURL').mockImplementation(() => 'data:,');
  await dialog.getByRole('button', { name: 'Download 5 files' }).click();
  // The word stands for a moment only: it is looked for right behind each press.
  const copy = dialog.getByRole('button', { name: 'Copy train.py of trl-tokens for TRL' });
  await copy.click();
  expect(copied.at(-1)).toContain('data_files="trl-tokens/train.jsonl"');
  await vi.waitFor(
    async () => {
      (copy.element() as HTMLElement).click();
      await expect.element(dialog.getByText('Copied'), { timeout: 1000, interval: 20 }).toBeVisible();
    },
    { timeout: 60_000 },
  );
  address.mockRestore();
});

it('fits a narrow window without scrolling sideways', async () => {
  await page.viewport(390, 844);
  await open();
  await expect.element(look.getByText(/to look at before training/)).toBeVisible();
  for (const details of dialog.element().querySelectorAll('details')) details.open = true;
  const wide = [...dialog.element().querySelectorAll('*')].filter((element) => {
    const { overflowX } = getComputedStyle(element);
    return (overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth;
  });
  const { right } = dialog.element().getBoundingClientRect();
  const out = [...dialog.element().querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > right + 0.5);
  expect([wide, out].map((list) => list.map(({ className, textContent }) => [className, textContent.slice(0, 40)]))).toEqual([[], []]);
  await page.viewport(1440, 900);
});
