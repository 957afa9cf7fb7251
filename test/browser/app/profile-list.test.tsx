/** The list of export profiles: what is offered, what a log cannot give, and options of every type. */
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ProfileList } from '../../../src/app/views/export/profile-list.tsx';
import type { ChosenProfile, ProfileOffer } from '../../../src/engine/answers/exporting.ts';

const offer = (id: string, more: Partial<ProfileOffer> = {}): ProfileOffer => ({
  id,
  label: id.toUpperCase(),
  about: `what ${id} is for`,
  specification: 'docs/training-sets.md',
  fileName: `${id}.jsonl`,
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  needs: [],
  options: [],
  byDefault: true,
  unavailable: null,
  canRedact: false,
  ...more,
});

const OFFERS: readonly ProfileOffer[] = [
  offer('plain', { needs: ['messages'], specification: 'https://example.org/plain' }),
  offer('barred', { unavailable: 'the log holds no log-probs' }),
  offer('rich', {
    options: [
      { name: 'case', label: 'Case', help: 'how', type: 'choice', values: ['lower', 'upper'], default: 'lower' },
      { name: 'most', label: 'Most', help: 'how many', type: 'number', min: 1, max: 9, whole: true, default: 3 },
      { name: 'ids', label: 'Ids', help: 'whether', type: 'flag', default: false },
      { name: 'split', label: 'Split', help: 'which', type: 'text', default: 'train' },
    ],
  }),
];

const root = createRoot(document.body.appendChild(document.createElement('div')));
afterEach(() => root.render(null));

function show(): { readonly chosen: () => readonly ChosenProfile[] } {
  const changes: (readonly ChosenProfile[])[] = [];
  function Host() {
    const [chosen, setChosen] = useState<readonly ChosenProfile[]>([{ profile: 'plain' }]);
    const onChange = (next: readonly ChosenProfile[]): void => {
      changes.push(next);
      setChosen(next);
    };
    return createElement(ProfileList, { offers: OFFERS, chosen, onChange });
  }
  root.render(createElement(Host));
  return { chosen: () => changes.at(-1) ?? [] };
}

it('says of each what it is for and what it needs, and why one cannot be had', async () => {
  show();
  await expect.element(page.getByText('what plain is for')).toBeVisible();
  expect(document.body.textContent).toContain('from the log’s messages');
  await expect.element(page.getByRole('link', { name: 'specification' })).toHaveAttribute('href', 'https://example.org/plain');
  await expect.element(page.getByText('the log holds no log-probs')).toBeVisible();
  expect(document.body.textContent).not.toContain('what barred is for');
  await expect.element(page.getByRole('checkbox', { name: /BARRED/ })).toBeDisabled();
});

it('takes choices and options of every type, and no number that an option does not take', async () => {
  const { chosen } = show();
  await page.getByRole('checkbox', { name: /PLAIN/ }).click();
  await page.getByRole('checkbox', { name: /RICH/ }).click();
  expect(chosen()).toEqual([{ profile: 'rich', options: {} }]);
  await page.getByRole('combobox', { name: 'Case' }).selectOptions('upper');
  await page.getByRole('spinbutton', { name: 'Most' }).fill('7');
  await page.getByRole('checkbox', { name: 'Ids' }).click();
  await page.getByRole('textbox', { name: 'Split' }).fill('test');
  const wanted = [{ profile: 'rich', options: { case: 'upper', most: 7, ids: true, split: 'test' } }];
  await vi.waitFor(() => expect(chosen()).toEqual(wanted));
  await page.getByRole('spinbutton', { name: 'Most' }).fill('70');
  expect(chosen()).toEqual(wanted);
  await page.getByRole('checkbox', { name: /RICH/ }).click();
  expect(chosen()).toEqual([]);
});
