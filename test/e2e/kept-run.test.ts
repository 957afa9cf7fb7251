/** A reload half-way through a run costs nothing that was kept: it goes on, and ends with the figures of a run without it. */
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScores } from '../../src/core/score/scores-file.ts';
import { sha256 } from '../../src/platform/node/sha256.ts';
import { largestDifference } from '../helpers/tinyForest.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-kept-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const panelOf = (page: Page) => page.getByRole('dialog', { name: 'Entropy' });
const openPanel = (page: Page) =>
  page
    .getByRole('banner')
    .getByRole('button', { name: /^entropy/ })
    .click();

async function open(page: Page, log: string): Promise<void> {
  await dropFiles(page, [log]);
  await page.getByText('signal retained').first().waitFor();
}

async function saved(page: Page) {
  await panelOf(page)
    .getByText(/Done in \d+ s/)
    .waitFor({ timeout: 240_000 });
  const download = page.waitForEvent('download');
  await panelOf(page).getByRole('button', { name: 'Save scores' }).click();
  const read = readScores(readFileSync(await (await download).path()), sha256);
  if (!read.ok) throw new Error(read.reason);
  return read.scores;
}

const keptRuns = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('espalier-runs', { create: true });
    let bytes = 0;
    for await (const handle of folder.values()) if (handle instanceof FileSystemFileHandle) bytes += (await handle.getFile()).size;
    return bytes;
  });

it('goes on after a reload, and ends with the figures of a run without one', async () => {
  const log = join(folder, 'log.jsonl');
  writeFileSync(log, readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n').slice(0, 16).join('\n'));
  const start = async (): Promise<Page> => {
    const page = await workbench.open('', { scoresByItself: false });
    await page.evaluate(() => localStorage.setItem('espalier-executor', 'wasm'));
    await page.reload();
    await open(page, log);
    await openPanel(page);
    await panelOf(page).getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
    return page;
  };
  const whole = await start();
  const expected = await saved(whole);
  await expect.poll(() => keptRuns(whole)).toBe(0);
  await whole.close();

  const page = await start();
  await expect.poll(() => keptRuns(page), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.reload();
  await open(page, log);
  await openPanel(page);
  await panelOf(page).getByRole('button', { name: 'Pause' }).click({ timeout: 60_000 });
  // What was kept is there before the rest is forwarded.
  const text = await panelOf(page).innerText();
  await panelOf(page).getByRole('button', { name: 'Resume' }).click();
  const found = await saved(page);
  expect(text).not.toMatch(/Start scoring/);
  expect(found.header).toEqual(expected.header);
  expect(largestDifference(found.entropy, expected.entropy)).toBeLessThan(1e-4);
  expect(largestDifference(found.surprisal, expected.surprisal)).toBeLessThan(1e-4);
  await expect.poll(() => keptRuns(page)).toBe(0);
  expect(workbench.errors).toEqual([]);
  expect(workbench.outside).toEqual([]);
}, 600_000);
