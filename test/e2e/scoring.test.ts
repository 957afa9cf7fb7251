/** The built page scoring logs with the bundled model on wasm: the chip, the curve and the export follow; logged figures stay. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-scoring-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
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

function espalier(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args], { encoding: 'utf8' });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
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
  it('scores the rest, and only that, from where it is said what unknown values count', async () => {
    const path = join(folder, 'half.jsonl');
    const said = (task: string, content: string, logprobs?: object): string =>
      JSON.stringify({
        id: task,
        task,
        messages: [
          { role: 'user', content: 'go' },
          { role: 'assistant', content, logprobs },
        ],
      });
    const token = (text: string) => ({ token: text, logprob: -0.7, top_logprobs: [{ token: text, logprob: -0.7 }] });
    writeFileSync(
      path,
      `${said('a', 'dig the bed', { content: ['dig', ' the', ' bed'].map(token) })}\n${said('b', 'water the pears and rest')}\n`,
    );
    const page = await open(path);
    await expect.poll(() => chip(page).innerText()).toMatch(/entropy\s+of \d\d.% of sampled tokens/u);
    const budget = page.getByRole('region', { name: 'Budget', exact: true });
    await budget.getByText(/entropy known for \d\d\.\d.% of sampled tokens; the rest counts as the task’s mean/iu).waitFor();
    await budget.getByRole('combobox', { name: 'Unknown values' }).selectOption('score the rest');
    const panel = page.getByRole('dialog', { name: 'Entropy' });
    await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 60_000 });
    await panel.getByText(/^([\d,]+) of \1 sampled tokens/).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => chip(page).innerText()).toMatch(/top-k \+ model: espalier-3m \(fp16, wasm\) \+ log with the model\s+100/);
    await budget.getByText(/entropy known for/i).waitFor({ state: 'hidden' });
    await page.close();
  }, 120_000);

  it('fills in a log without entropy, and chip, curve and export follow', async () => {
    const page = await open(cut('orchard-chat.jsonl', 5));
    expect(await chip(page).innerText()).toMatch(/none/);
    // Without a preset, what is kept follows entropy.
    await page.evaluate(() => (location.hash = '#cut=0.3'));
    await page.waitForFunction(() => document.querySelector('[role=slider][aria-valuetext]') !== null);
    const before = await curve(page).getAttribute('aria-valuetext');
    await chip(page).click();
    const panel = page.getByRole('dialog', { name: 'Entropy' });
    await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
    await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 60_000 });
    await panel.getByText(/^([\d,]+) of \1 sampled tokens/).waitFor();
    expect(await chip(page).innerText()).toMatch(/model: espalier-3m \(fp16, wasm\)\s+100/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(
      (was) => document.querySelector('[role=slider][aria-valuetext]')?.getAttribute('aria-valuetext') !== was,
      before,
    );
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
    expect(await panel.getByRole('region', { name: 'Agreement' }).innerText()).toMatch(
      /Spearman ρ\s+−?[\d.]+\s+Pearson r\s+−?[\d.]+\s+tokens with both\s+[1-9]/,
    );
    expect(await chip(page).innerText()).toBe(logged);
    await page.context().close();
  });

  it('exports the same bytes with saved scores as the CLI does, the model named by its hashes', async () => {
    const log = cut('orchard-chat.jsonl', 4);
    const scores = join(folder, 'scores.bin');
    espalier('score', log, '--out', scores);
    const out = join(folder, 'out');
    espalier('prune', log, '--scores', scores, '--train-budget', '40%', '--out', out);
    const page = await open(log);
    await dropFiles(page, [scores]);
    await page.getByText(/^Scores of espalier-3m restored: /).waitFor();
    await page.keyboard.press('Escape');
    const budget = page
      .getByRole('spinbutton', { name: /budget|cut/i })
      .or(page.getByRole('textbox', { name: /budget|cut/i }))
      .first();
    await budget.fill('40');
    await budget.press('Enter');
    await chip(page)
      .getByText(/^model: espalier-3m/)
      .waitFor();
    const files = await exportFiles(page);
    const manifest = JSON.parse(files.get('manifest.json') ?? '') as { entropy_model: { model_sha256: string } };
    expect(manifest.entropy_model.model_sha256).toBe(
      createHash('sha256').update(readFileSync('public/models/espalier-3m/model.onnx')).digest('hex'),
    );
    expect(files).toEqual(
      new Map(
        ['messages.jsonl', 'tokens.jsonl', 'forest.jsonl', 'manifest.json'].map((name) => [name, readFileSync(join(out, name), 'utf8')]),
      ),
    );
    await page.context().close();
  });

  it('asked nothing of any other host, and threw nothing', () => {
    expect(workbench.outside).toEqual([]);
    expect(workbench.errors).toEqual([]);
  });
});
