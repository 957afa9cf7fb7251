/** Top tokens on the built page: ranked, saved, and led from to the transcript. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const REAL = '../shared/data/tau2-bench/data/tau2/sft-v1-small/sft-v1-small-openai/train_sft-v1-small.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-top-'));
let workbench: Workbench;
let page: Page | undefined;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
  expect(workbench.errors).toEqual([]);
  expect(workbench.outside).toEqual([]);
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(file: string): Promise<Page> {
  page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [file]);
  await page
    .getByText(/\d+ rollouts/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.locator('canvas').first().waitFor();
  await page.keyboard.press('t');
  await page.waitForFunction(() => location.hash.includes('view=top'));
  return page;
}

describe('top tokens', () => {
  it('are ranked and saved, and a click leads to the place in the transcript', async () => {
    const on = await open(SAMPLE);
    const table = on.getByRole('table', { name: 'Tokens by entropy' });
    await table.waitFor();
    await on.getByText('The first 200 of 28,850 distinct sampled tokens.').waitFor();
    const first = table.locator('tbody tr').first();
    await first.locator('mark').waitFor();
    expect(await first.innerText()).toMatch(/1\s+1\.74\s+[^]*Thinking[^]*logged/);
    const saved = on.waitForEvent('download');
    await on.getByRole('button', { name: 'Save as CSV' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8');
    expect(
      csv
        .trimEnd()
        .split('\r\n')
        .filter((line) => /^\d+,/.test(line)),
    ).toHaveLength(200);
    await first.getByRole('button').click();
    await on.waitForFunction(() => /view=transcript/.test(location.hash) && /node=[0-9a-f]{16}/.test(location.hash));
    await on.getByRole('feed').waitFor();
  });

  it('say what is unknown in a real log, and show its forks', async () => {
    const on = await open(REAL);
    await on.getByText('No token’s entropy is known.').waitFor();
    await on.getByText('forks', { exact: true }).click();
    const table = on.getByRole('table', { name: 'Most frequent forks' });
    await table.locator('tbody tr').first().waitFor();
    expect(await table.locator('tbody tr').first().innerText()).toMatch(/\d+ of \d+/);
  });

  it('keep hostile text inert', async () => {
    const evil = '<img src=x onerror="window.pwned=1">';
    const record = (last: string) => ({
      messages: [
        { role: 'user', content: evil },
        { role: 'assistant', content: `${evil} ${last}` },
      ],
    });
    const path = join(folder, 'evil.jsonl');
    writeFileSync(path, `${JSON.stringify(record('a'))}\n${JSON.stringify(record('b'))}\n`);
    const on = await open(path);
    await on.getByText('forks', { exact: true }).click();
    await on.getByRole('table', { name: 'Most frequent forks' }).locator('tbody tr').first().waitFor();
    expect(await on.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await on.getByRole('table').locator('img, script').count()).toBe(0);
  });
});
