import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyTokenizerConfig, tinyTokenizerJson } from '../helpers/tinyTokenizer.ts';
import { proven } from '../helpers/proven.ts';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const REAL = '../shared/data/tau2-bench/data/tau2/sft-v1-small/sft-v1-small-openai/train_sft-v1-small.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-e2e-'));
let workbench: Workbench;
let page: Page | undefined;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened = (on: Page) =>
  on
    .getByText(/\d+ rollouts/)
    .first()
    .waitFor({ timeout: 60_000 });
const budgetField = (on: Page) =>
  on
    .getByRole('spinbutton', { name: /budget|cut/i })
    .or(on.getByRole('textbox', { name: /budget|cut/i }))
    .first();

async function setBudget(on: Page, percent: string): Promise<void> {
  await budgetField(on).fill(percent);
  await budgetField(on).press('Enter');
}

/** @param budget of the handle that the page opens such a log on */
function commandLine(path: string, budget: readonly [flag: string, share: string], more: readonly string[] = []): Map<string, string> {
  const out = join(folder, budget[1]);
  const { status, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', 'prune', path, ...budget, '--out', out, ...more], {
    encoding: 'utf8',
  });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
  return new Map(
    ['messages.jsonl', 'tokens.jsonl', 'forest.jsonl', 'manifest.json'].map((name) => [name, readFileSync(join(out, name), 'utf8')]),
  );
}

describe('the workbench', () => {
  it('works where the browser keeps nothing for it', async ({ task }) => {
    const context = await workbench.browser.newContext();
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, {
          get: () => {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
      StorageManager.prototype.getDirectory = () =>
        Promise.reject(new DOMException('It was determined that certain files are unsafe for access.', 'SecurityError'));
    });
    page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(workbench.address);
    await page.getByText('Try the sample').click();
    await opened(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByText('espalier-3m').first().waitFor();
    expect(errors).toEqual([]);
    proven(task, {
      part: 'Faults',
      fault: 'localStorage, sessionStorage, IndexedDB, caches and the private file system (OPFS) are blocked',
      happened: 'the sample opens, palette and model panel work, and no error is thrown',
    });
  });
  it('opens a dropped log, prunes it and exports the same bytes as the CLI', async () => {
    page = await workbench.open();
    await page.getByText('Nothing leaves this tab').waitFor();
    await dropFiles(page, [SAMPLE]);
    await opened(page);
    await setBudget(page, '40');
    await page.getByText('signal retained').first().waitFor();
    expect(await exportFiles(page)).toEqual(commandLine(SAMPLE, ['--budget', '40%']));
  });
  it('writes a file for one trainer and says what it cannot say', async () => {
    page = await workbench.open();
    await dropFiles(page, [SAMPLE]);
    await opened(page);
    await page
      .getByRole('button', { name: /^Export/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    for (const name of [/^Messages/, /^Tokens/, /^Forest/]) await dialog.getByRole('checkbox', { name }).uncheck();
    await dialog.getByRole('searchbox', { name: 'Find a kind of file' }).fill('trl tokens');
    await dialog.getByRole('checkbox', { name: /^TRL tokens/ }).check();
    await dialog.getByText('each token trains once').waitFor();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download 2 files' }).click();
    expect((await download).suggestedFilename()).toBe('trl-tokens-train.jsonl');
    await dialog
      .getByRole('status', { name: 'Written' })
      .getByText(/records marked by train-once in place of branch-mean: [\d,]+/)
      .waitFor();
  });
  it("opens the bundled sample in one click, and shows a node's tokens and why it is kept", async () => {
    page = await workbench.open();
    await page.getByRole('button', { name: /sample/i }).click();
    await opened(page);
    // Clicked until the tree is drawn there: a click before that selects nothing.
    const tree = page.getByRole('application', { name: /Prefix tree/ });
    const why = page.getByText(/at rank [\d,]+ of [\d,]+/).first();
    await vi.waitFor(
      async () => {
        await tree.click({ position: { x: 40, y: 120 } });
        await why.waitFor({ timeout: 2000 });
      },
      { timeout: 60_000 },
    );
    await page.waitForFunction(() => document.body.innerText.includes('books'));
    expect(await page.evaluate(() => document.body.innerText)).toContain('o200k_base');
  });
  it('counts problems, names them in a drawer, and never runs what a log says', async () => {
    const hostile = join(folder, 'hostile.jsonl');
    const bad = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    writeFileSync(
      hostile,
      `${JSON.stringify({
        messages: [
          { role: 'user', content: bad },
          { role: 'assistant', content: bad },
        ],
      })}\n{"messages": ${bad}\n`,
    );
    page = await workbench.open();
    await dropFiles(page, [hostile]);
    await page.getByText('1 rollout · 1 task').first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /1 record with issues|1 issue/i }).click();
    await page.getByText('invalid-json').or(page.getByText('torn-line')).first().waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hacked?: number }).hacked)).toBeUndefined();
  });
  it('restores the settings after a reload from its address', async () => {
    page = await workbench.open('?url=samples/orchard.jsonl');
    await opened(page);
    await setBudget(page, '55');
    await page.waitForFunction(() => /[#&]cut=0\.55(?:&|$)/.test(location.hash));
    await page.reload();
    await opened(page);
    await page.waitForFunction(
      () =>
        /55(\.0)?\s?%/.test(document.body.innerText) ||
        [...document.querySelectorAll('input')].some((input) => input.value.startsWith('55')),
    );
    expect(await budgetField(page).inputValue()).toMatch(/^55/);
  });
  it('opens an exported forest again with its pruning', async () => {
    const out = join(folder, 'forest');
    spawnSync(process.execPath, [
      'bin/espalier.mjs',
      'prune',
      SAMPLE,
      '--budget',
      '45%',
      '--mode',
      'rl',
      '--export',
      'forest',
      '--out',
      out,
    ]);
    page = await workbench.open();
    await dropFiles(page, [join(out, 'forest.jsonl')]);
    await opened(page);
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value.startsWith('45')));
    await page.waitForFunction(() => location.hash.includes('mode=rl') || /\brl\b/.test(location.hash));
    expect(await page.evaluate(() => location.hash)).toContain('rl');
  });
  it.skipIf(!existsSync(REAL))('opens a real log and exports the same bytes as the CLI', async () => {
    page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, [REAL]);
    await opened(page);
    await setBudget(page, '25');
    await page
      .getByText(/The signal counts .*turns.*, as no gradient is known/)
      .first()
      .waitFor();
    await page.getByText('signal retained').first().waitFor();
    expect(await exportFiles(page)).toEqual(commandLine(REAL, ['--train-budget', '25%']));
  });
  it('tokenises a log with a dropped tokenizer and its chat template, as the CLI does', async () => {
    const log = join(folder, 'chat.jsonl');
    const [tokenizer, config] = [join(folder, 'tokenizer.json'), join(folder, 'tokenizer_config.json')];
    writeFileSync(log, readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n').slice(0, 6).join('\n'));
    writeFileSync(tokenizer, tinyTokenizerJson());
    writeFileSync(config, tinyTokenizerConfig());
    page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, [log]);
    await opened(page);
    await dropFiles(page, [tokenizer, config]);
    await page
      .getByText(/tokenizer\.json [0-9a-f]{8} on text/)
      .first()
      .waitFor();
    await setBudget(page, '60');
    expect(await exportFiles(page)).toEqual(commandLine(log, ['--train-budget', '60%'], ['--tokenizer', tokenizer]));
  });
  it('works without isolation headers and under a sub-path', async () => {
    const plain = await startWorkbench({ isolate: false, base: '/tools/espalier/' });
    try {
      const at = await plain.open('?url=samples/orchard.jsonl');
      await opened(at);
      expect(await at.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(plain.errors).toEqual([]);
    } finally {
      await plain.close();
    }
  });
  it('asked nothing of any other host, and threw nothing', () => {
    expect(workbench.outside).toEqual([]);
    expect(workbench.errors).toEqual([]);
  });
});
