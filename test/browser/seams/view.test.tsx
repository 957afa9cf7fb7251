/** A view is a file and a line: a toy one, put into the list, is in bar, keys, palette, help, tabs and address, and fills the middle. */
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MainView } from '../../../src/app/views/main/main-view.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

vi.mock('../../../src/app/views/main/registry.ts', async (original) => {
  const { MAIN_VIEWS } = await original<typeof import('../../../src/app/views/main/registry.ts')>();
  const toy: MainView = {
    id: 'toy',
    label: 'Toy',
    name: 'Toy view',
    key: 'z',
    help: 'A view that a test brings.',
    tab: 'Toys',
    Component: () => <p>A view of its own</p>,
    hasColours: false,
  };
  return { MAIN_VIEWS: [...MAIN_VIEWS, toy] };
});

const RECORD = {
  messages: [
    { role: 'user', content: 'Water the beds.' },
    { role: 'assistant', content: 'Done.' },
  ],
};

beforeAll(async () => {
  await mountPage();
  drop(new File([`${JSON.stringify(RECORD)}\n`], 'a.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('signal retained'), { timeout: 60_000, interval: 50 });
});
afterEach(() => useChoices.getState().set({ panel: null }));

const options = (name: string): string[] =>
  [...document.querySelectorAll<HTMLOptionElement>(`select[aria-label="${name}"] option`)].map((option) => option.text);

it('has its button, its key, its word in the address, and fills the middle', async () => {
  await userEvent.keyboard('z');
  await expect.element(page.getByText('A view of its own')).toBeVisible();
  expect(options('Colour by')).toEqual([]);
  await vi.waitFor(() => expect(location.hash).toContain('view=toy'));
  await userEvent.keyboard('1');
  await expect.element(page.getByRole('application', { name: /Prefix tree/ })).toBeVisible();
  const labels = [...document.querySelectorAll('fieldset label, [role=radiogroup] label')];
  labels
    .find(({ textContent }) => textContent.startsWith('Toy'))
    ?.querySelector('input')
    ?.click();
  await expect.element(page.getByText('A view of its own')).toBeVisible();
  await userEvent.keyboard('1');
});

it('is in the palette and on the sheet of keys', async () => {
  useChoices.getState().set({ panel: 'help' });
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')?.textContent).toContain('Toy view'));
  useChoices.getState().set({ panel: 'palette' });
  await vi.waitFor(() => expect(document.querySelector('dialog[open] input')).not.toBeNull());
  await userEvent.keyboard('toy view');
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')?.textContent).toContain('Toy view'));
});

it('can be chosen in a narrow window, and then has the tab of the middle', async () => {
  await page.viewport(390, 844);
  await page.getByRole('tab', { name: 'Budget' }).click();
  await page.getByRole('combobox', { name: 'View' }).selectOptions('Toys');
  await expect.element(page.getByText('A view of its own')).toBeVisible();
  await expect.element(page.getByRole('tab', { name: 'Toys' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('combobox', { name: 'View' }).selectOptions('Tree');
  await page.viewport(1440, 900);
});
