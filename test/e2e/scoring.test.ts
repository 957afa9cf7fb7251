/** The built page scoring logs with the bundled model on wasm: the chip, the curve and the export follow; logged figures stay. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-scoring-'));
let workbench: Workbench;
beforeAll(async () => { workbench = await startWorkbench(); });
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first rollouts of a sample as a file of its own. */
function cut(sample: string, rollouts: number): string {
  const path = join(folder, sample);
  writeFileSync(path, readFileSync(join('public/samples', sample), 'utf8').split('\n').slice(0, rollouts).join('\n'));
  return path;
}

const chip = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^entropy/ });
const curve = (page: Page) => page.getByRole('slider', { name: /Budget/ });

async function open(path: string): Promise<Page> {
  const page = await workbench.open();
  await page.evaluate(() => {
    localStorage.setItem('espalier-score-by-itself', 'no');
    localStorage.setItem('espalier-executor', 'wasm');
  });
  await page.reload();
  await dropFiles(page, [path]);
  await chip(page).waitFor();
  await page.getByText('signal retained').first().waitFor();
  return page;
}

describe('scoring', () => {
  it('fills in a log without entropy, and chip, curve and export follow', async () => {
    const page = await open(cut('orchard-chat.jsonl', 5));
    expect(await chip(page).innerText()).toMatch(/none/);
    await page.waitForFunction(() => document.querySelector('[role=slider][aria-valuetext]') !== null);
    const before = await curve(page).getAttribute('aria-valuetext');
    await chip(page).click();
    const panel = page.getByRole('dialog', { name: 'Entropy' });
    await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
    await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 60_000 });
    await panel.getByText(/^([\d,]+) of \1 sampled tokens/).waitFor();
    expect(await chip(page).innerText()).toMatch(/model: espalier-3m \(fp16, wasm\)\s+100/);
    await page.keyboard.press('Escape');
    await page.waitForFunction((was) => document.querySelector('[role=slider][aria-valuetext]')?.getAttribute('aria-valuetext') !== was, before);
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByText(/Entropy from model: espalier-3m \(fp16, wasm\), on 100.0.% of sampled tokens/).waitFor();
    await page.context().close();
  });

  it('compares a model with logged entropy, which stays in use', async () => {
    const page = await open(cut('orchard.jsonl', 3));
    const logged = await chip(page).innerText();
    expect(logged).toMatch(/logged\s+100/);
    await chip(page).click();
    const panel = page.getByRole('dialog', { name: 'Entropy' });
    await panel.getByText('all sampled tokens').click();
    await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
    await panel.getByText('Spearman ρ', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await panel.getByRole('region', { name: 'Agreement' }).innerText()).toMatch(/Spearman ρ\s+−?[\d.]+\s+Pearson r\s+−?[\d.]+\s+tokens with both\s+[1-9]/);
    expect(await chip(page).innerText()).toBe(logged);
    await page.context().close();
  });

  it('asked nothing of any other host, and threw nothing', () => {
    expect(workbench.outside).toEqual([]);
    expect(workbench.errors).toEqual([]);
  });
});
