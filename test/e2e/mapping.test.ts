/** The mapping dialog as a person fills it: every field by its label and the keyboard, and what comes of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const log = join(folder, 'own.jsonl');
const VERDICTS = ['pass', 'fail', 'pass', 'fail'];
const record = (n: number): string =>
  `${JSON.stringify({
    key: `plot-${n % 2}`,
    seen: { out: `Water bed ${n}, then close the gate.`, short: 'x' },
    run: { word: VERDICTS[n], step: `v${n % 2}`, at: `2026-11-0${n + 1}T08:00:00Z`, end: 'submitted' },
    usage: { usd: n / 4 },
    seed: n + 7,
  })}\n`;

let bench: Workbench;
beforeAll(async () => {
  writeFileSync(log, VERDICTS.map((_, n) => record(n)).join(''));
  bench = await startWorkbench();
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As typed: what stands in the field is marked and written over. */
async function type(page: Page, dialog: Locator, label: string, text: string): Promise<void> {
  await dialog.getByLabel(label, { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text);
  expect(await dialog.getByLabel(label, { exact: true }).inputValue()).toBe(text);
}

async function column(grid: Locator, name: string): Promise<string[]> {
  const names = await grid.locator('th button').allInnerTexts();
  const at = names.findIndex((text) => text.replaceAll(/[↑↓\s]/g, '') === name.replaceAll(' ', ''));
  if (at < 0) return names;
  return grid.locator('tbody tr[aria-selected]').evaluateAll((rows, i) => rows.map((row) => row.children[i]?.textContent ?? ''), at);
}

it('takes a text, a verdict, a status, a policy version, a time and columns', async () => {
  const page = await bench.open('#view=table&grouped=no', { scoresByItself: false });
  await dropFiles(page, [log]);
  await page.getByRole('button', { name: 'Map fields…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Map fields' });
  await dialog.waitFor();
  // Each look is a session with threads of its own.
  let looks = 0;
  page.on('worker', () => looks++);
  const letters = 'seen.out key run.word run.end run.step run.at seed, cost = usage.usd'.length;
  for (const label of ['Messages', 'or prompt', '+ completion', 'Reward', 'Rollout id']) await type(page, dialog, label, '');
  await type(page, dialog, 'or text', 'seen.out');
  await type(page, dialog, 'Task', 'key');
  await type(page, dialog, 'or verdict', 'run.word');
  await type(page, dialog, 'Status', 'run.end');
  await type(page, dialog, 'Policy version', 'run.step');
  await type(page, dialog, 'Began', 'run.at');
  await type(page, dialog, 'Columns', 'seed, cost = usage.usd');
  await dialog.getByText('4 of 4 example records').waitFor();
  // The outcome is looked at where the typing rests, not letter by letter.
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(letters / 2);
  await dialog.getByRole('button', { name: 'Apply mapping' }).focus();
  await page.keyboard.press('Enter');
  const grid = page.locator('[role=grid][aria-label=Rollouts]');
  await grid.locator('tr[data-index="3"]').waitFor();
  await page.getByRole('button', { name: /^Columns/ }).click();
  for (const name of ['policy version', 'started', 'cost', 'seed'])
    await page
      .getByRole('checkbox', { name: new RegExp(`^${name}\\b`) })
      .first()
      .check();
  await page.keyboard.press('Escape');
  await grid.getByRole('button', { name: 'started', exact: true }).click();
  expect(await column(grid, 'task')).toEqual(['plot-1', 'plot-0', 'plot-1', 'plot-0']);
  expect(await column(grid, 'reward')).toEqual(['0', '1', '0', '1']);
  expect(await column(grid, 'status')).toEqual(Array(4).fill('submitted'));
  expect(await column(grid, 'policy version')).toEqual(['v1', 'v0', 'v1', 'v0']);
  expect(await column(grid, 'cost')).toEqual(['0.75', '0.50', '0.25', '0']);
  expect(await column(grid, 'seed')).toEqual(['10', '9', '8', '7']);
  await page.keyboard.press('5');
  await page.getByText('Water bed').first().waitFor();
  expect(bench.errors).toEqual([]);
  await page.context().close();
});
