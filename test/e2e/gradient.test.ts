/** The built page measuring how much of the gradient a budget keeps: preset, scoring with sketches, slider, export, manifest. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-gradient-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const meter = (page: Page) => page.getByLabel('Gradient kept');
const cosine = async (page: Page): Promise<number> => Number(/cos (−?[\d.]+)/.exec(await meter(page).innerText())?.[1]);

it('measures the gradient under a preset, follows the slider, and states it in the manifest', async () => {
  // A few tasks of the sample, one of them with failures, so that scoring takes seconds.
  const log = join(folder, 'orchard.jsonl');
  writeFileSync(log, readFileSync('public/samples/orchard.jsonl', 'utf8').split('\n').slice(0, 36).join('\n'));
  const page = await workbench.open();
  await page.evaluate(() => localStorage.setItem('espalier-executor', 'wasm'));
  await page.reload();
  await dropFiles(page, [log]);
  const preset = page.getByRole('combobox', { name: 'Preset' });
  await preset.waitFor();
  // The log tells entropies and its rewards differ, so it opens on the preset for reinforcement learning.
  await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('select[aria-label=Preset]')?.value === 'rl');
  await preset.selectOption('kat-coder');
  await page.getByText('gradient kept: unknown').waitFor();
  await page.getByRole('button', { name: 'Measure…' }).click();
  const panel = page.getByRole('dialog', { name: 'Entropy and gradient' });
  await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
  await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 120_000 });
  await page.keyboard.press('Escape');
  await meter(page).waitFor();
  expect(await meter(page).innerText()).toContain('espalier-3m');
  expect(await meter(page).innerText()).toContain('not the model you train');
  const at30 = await cosine(page);
  const slider = page.getByRole('slider', { name: /Budget/ });
  await slider.focus();
  for (let i = 0; i < 4; i++) await slider.press('PageUp');
  await page.waitForFunction((was) => {
    const text = document.querySelector('[aria-label="Gradient kept"]')?.textContent ?? '';
    return text.includes('cos') && !text.includes(`cos ${was}`);
  }, at30.toFixed(2));
  const at70 = await cosine(page);
  expect(at70).toBeGreaterThan(at30);
  // Of the task on screen, too.
  await page
    .getByRole('region', { name: 'Task', exact: true })
    .getByText(/^cos |^none in this mode/)
    .waitFor();
  await page.getByText('Gradient', { exact: true }).click();
  await page.waitForFunction(() => /gradient cosine/.test(document.querySelector('[role=slider]')?.getAttribute('aria-valuetext') ?? ''));
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('region', { name: 'Fidelity' }).getByText('gradient cosine').waitFor();
  await page.keyboard.press('Escape');
  const files = await exportFiles(page);
  const manifest = JSON.parse(files.get('manifest.json') ?? '') as { fidelity: { gradient: { cosine: number; measured: string[] } } };
  expect(manifest.fidelity.gradient.cosine).toBeCloseTo(at70, 2);
  expect(manifest.fidelity.gradient.measured.join(' ')).toContain('not the model you train');
  expect(workbench.errors).toEqual([]);
  expect(workbench.outside).toEqual([]);
}, 240_000);
