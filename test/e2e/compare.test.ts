/** Settings A against B on the built page: the session's own numbers, the address, undo, the marks, and how it ends. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jaccard } from '../../src/core/prune/overlap.ts';
import { readHash } from '../../src/app/state/url.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const A = 'cut=0.3&train=1';
let bench: Workbench;

beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(() => bench.close());

async function show(hash: string): Promise<Page> {
  const page = await bench.open(hash, { scoresByItself: false });
  await dropFiles(page, [SAMPLE]);
  await page.getByRole('button', { name: /^Export/ }).waitFor();
  return page;
}

const overlap = (page: Page) => page.getByRole('table', { name: /^What both keep/ });

it('shows what the session counts, and carries A in the address', async () => {
  const page = await show(`#${A}&view=icicle`);
  await page.keyboard.press('c');
  const view = page.getByRole('region', { name: 'Compare settings' });
  await view.getByRole('button', { name: 'Keep as A' }).click();
  await overlap(page).waitFor();
  expect((await overlap(page).innerText()).match(/1\.000/g)).toHaveLength(4);
  await page.getByRole('combobox', { name: 'Strategy' }).selectOption({ label: 'whole rollouts' });
  await page.waitForURL((url) => url.hash.includes('whole-rollouts') && url.hash.includes('a='));
  const linked = readHash(new URL(page.url()).hash);
  const a = linked.settingsA;
  if (a === null) throw new Error('expected settings A in the address');
  const { session } = await openSession([inputFile('orchard-chat.jsonl', readFileSync(SAMPLE))]);
  const b = { rule: { ...a.rule, ...linked.rule }, budget: linked.budget ?? { cut: 1, train: 1 } };
  const { overlaps } = await session.compareSettings(a, b);
  for (const { overlap: counted } of overlaps) await overlap(page).getByText(jaccard(counted).toFixed(3)).first().waitFor();
  await view.getByText('A is kept as it was, with its scores.').waitFor();
  // The table tells of each rollout, and counts as the session does.
  const bits = await session.comparedRollouts(a, b);
  const names = ['neither', 'A only', 'B only', 'both'];
  await page.keyboard.press('6');
  await page.getByLabel('by task').uncheck();
  const grid = page.getByRole('grid', { name: 'Rollouts', exact: true });
  await grid.getByRole('button', { name: 'A/B', exact: true }).click();
  const words = [...bits].map((by) => names[by] ?? '').toSorted();
  await expect.poll(() => grid.locator('tr[data-index="0"] td').last().innerText()).toBe(words[0]);
  expect(Number(await grid.getAttribute('aria-rowcount'))).toBe(words.length + 1);
  // Only the rows in view exist: in a window that is high enough, all.
  await page.setViewportSize({ width: 1440, height: 1000 + 27 * words.length });
  await expect.poll(() => grid.locator('tr[data-index] td:last-child').count()).toBe(words.length);
  const cells = await grid
    .locator('tr[data-index]')
    .evaluateAll((rows) => rows.map((row) => [Number(row.getAttribute('data-index')), row.lastElementChild?.textContent ?? ''] as const));
  expect(cells.toSorted(([a], [b]) => a - b).map(([, word]) => word)).toEqual(words);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('c');
  await overlap(page).waitFor();
  await page.waitForURL((url) => url.hash.includes('view=compare'));
  // The same from the address alone, and it is said that A was made again.
  const again = await show(new URL(page.url()).hash);
  await overlap(again).waitFor();
  await again.getByText('it was made again, with the scores that are known now').waitFor();
  expect(await overlap(again).innerText()).toBe(await overlap(page).innerText());
  await again.close();
  await page.close();
});

it('stays through undo, marks the tree, and ends by Escape', async () => {
  const page = await show(`#${A}&view=compare&strategy=whole-rollouts&a=${encodeURIComponent(A)}`);
  await overlap(page).waitFor();
  await page.keyboard.press('1');
  await page.getByText('A only').waitFor();
  await page.getByText('B only').waitFor();
  await page.getByRole('combobox', { name: 'Strategy' }).selectOption({ label: 'density' });
  await page.keyboard.press('Control+z');
  await page.keyboard.press('c');
  await overlap(page).waitFor();
  expect(await page.getByRole('table', { name: 'Settings' }).innerText()).toContain('whole-rollouts');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keep as A' }).first().waitFor();
  expect(await overlap(page).count()).toBe(0);
  await page.waitForURL((url) => !url.hash.includes('&a='));
  await page.close();
});

it('says that A was made again once another file has come', async () => {
  const page = await bench.open('#view=compare', { scoresByItself: false, asks: true });
  await dropFiles(page, [SAMPLE]);
  const view = page.getByRole('region', { name: 'Compare settings' });
  await view.getByRole('button', { name: 'Keep as A' }).click();
  const kept = view.getByText('A is kept as it was, with its scores.');
  await kept.waitFor();
  await overlap(page).waitFor();
  expect(await kept.count()).toBe(1);
  await dropFiles(page, ['public/samples/orchard.jsonl']);
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await view.getByText('it was made again, with the scores that are known now').waitFor();
  expect(await kept.count()).toBe(0);
  // Kept anew it is as it is now.
  await view.getByRole('button', { name: 'Keep these as A instead' }).click();
  await kept.waitFor();
  await page.context().close();
});

it('asks nothing of other hosts, and logs no error', () => {
  expect(bench.outside).toEqual([]);
  expect(bench.errors).toEqual([]);
});
