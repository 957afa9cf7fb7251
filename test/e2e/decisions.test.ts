/** The decision view of the built page: walked by key, linked to, on a real log and on a hostile one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const REAL = '../shared/data/tau2-bench/data/tau2/sft-v1-small/sft-v1-small-openai/train_sft-v1-small.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-decisions-'));
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

async function openAt(hash: string, file: string): Promise<Page> {
  page = await workbench.open(hash, { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.getByRole('tree').waitFor({ timeout: 60_000 });
  return page;
}
const rows = (on: Page) => on.getByRole('tree').getByRole('treeitem');
const activeRow = (on: Page) => on.getByRole('tree').locator('[aria-selected=true]');

describe('the decision view', () => {
  it('is reached by its key and walked with the arrows, and Enter reads a rollout of a way', async () => {
    page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, [SAMPLE]);
    await page
      .getByText(/\d+ rollouts/)
      .first()
      .waitFor();
    await page.locator('canvas').first().waitFor();
    await page.keyboard.press('7');
    const shown = page;
    await page.getByRole('tree').focus();
    await rows(page).nth(1).waitFor();
    expect(await rows(page).nth(0).innerText()).toContain('All rollouts of the task');
    await expect.poll(() => rows(shown).nth(0).innerText()).toMatch(/16 rollouts\s+reward/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => activeRow(shown).getAttribute('aria-level')).toBe('2');
    await expect.poll(() => activeRow(shown).innerText()).toMatch(/search\s*Lower Fold pear trees/);
    await expect.poll(() => activeRow(shown).getAttribute('aria-expanded')).toBe('false');
    // The way as a filter, and as an act.
    const many = /(\d+) of 16/.exec(await activeRow(page).innerText())?.[1] ?? '';
    await page.keyboard.press('f');
    const box = page.getByRole('combobox', { name: /^Filter rollouts/ });
    await expect.poll(() => box.inputValue()).toMatch(/^through:[0-9a-f]{16}$/);
    await page.getByText(`${many} of 128`, { exact: true }).first().waitFor();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: new RegExp(`^Acts: 1 line · ${many} of 128 rollouts dropped$`) }).waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: /^Acts: none$/ }).waitFor();
    await page.keyboard.press('f');
    await expect.poll(() => box.inputValue()).toBe('');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('[role=tree] [aria-selected=true]')?.getAttribute('aria-expanded') === 'true');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => activeRow(shown).getAttribute('aria-level')).toBe('3');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => activeRow(shown).getAttribute('aria-level')).toBe('2');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.includes('view=transcript') && location.hash.includes('rollout='));
    await page.getByRole('feed').waitFor();
  });

  it('lets x and f on a row without a way do nothing to a node that is selected elsewhere', async () => {
    const shown = await workbench.open('', { scoresByItself: false });
    page = shown;
    await dropFiles(shown, [SAMPLE]);
    const tree = shown.getByRole('application', { name: /^Prefix tree/ });
    await tree.focus();
    // A key means something once the tree is drawn.
    const chosen = async (): Promise<string> => {
      if (!shown.url().includes('node=')) await shown.keyboard.press('ArrowRight');
      return new URL(shown.url()).hash;
    };
    await expect.poll(chosen, { interval: 500 }).toMatch(/node=[0-9a-f]{16}/);
    await shown.keyboard.press('7');
    await rows(shown).nth(1).waitFor();
    // Outside of the tree they are about that node.
    await shown.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await shown.keyboard.press('x');
    await shown.getByRole('button', { name: /^Acts: 1 line/ }).waitFor();
    await shown.keyboard.press('Control+z');
    const none = shown.getByRole('button', { name: /^Acts: none$/ });
    await none.waitFor();
    await shown.getByRole('tree').focus();
    await shown.keyboard.press('Home');
    await expect.poll(() => activeRow(shown).innerText()).toContain('All rollouts of the task');
    for (const key of ['x', 'f']) await shown.keyboard.press(key);
    await shown.waitForTimeout(500);
    expect(await none.count()).toBe(1);
    expect(await shown.getByText('subtree only').count()).toBe(0);
  });

  it('follows a link to a step, and the list of forks leads to others', async () => {
    const first = await openAt('#view=decisions', SAMPLE);
    await first.getByText('whole log', { exact: true }).click();
    const list = first.getByRole('region', { name: 'Where runs part ways' });
    await list.getByRole('button').first().click();
    await first.waitForFunction(() => /action=[0-9a-f]{16}/.test(location.hash) && location.hash.includes('task='));
    await first.getByRole('tree').locator('[aria-selected=true][aria-level]:not([aria-level="1"])').waitFor();
    const led = await activeRow(first).innerText();
    expect(led).toMatch(/then \d+ ways · explains/);
    const address = new URL(first.url()).hash;
    await first.context().close();
    const linked = await openAt(address, SAMPLE);
    await linked.getByRole('tree').locator('[aria-selected=true][aria-level]:not([aria-level="1"])').waitFor();
    await linked.waitForFunction(
      (text) => document.querySelector('[role=tree] [aria-selected=true]')?.textContent.includes(text),
      'explains',
    );
    expect(await activeRow(linked).innerText()).toBe(led);
  });

  it('shows forks of a real log', async () => {
    const real = await openAt('#view=decisions', REAL);
    await rows(real).nth(1).waitFor();
    expect(await rows(real).nth(0).innerText()).toMatch(/reward/);
    await real.getByRole('region', { name: 'Where runs part ways' }).getByText(/fork/).first().waitFor();
  });

  it('keeps hostile words inert, and counts ways that it does not show', async () => {
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u202e';
    const record = (at: number) => ({
      messages: [
        { role: 'user', content: evil },
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 'c', type: 'function', function: { name: evil, arguments: JSON.stringify({ [evil]: `${evil} ${at}`, n: at }) } },
          ],
        },
        { role: 'tool', tool_call_id: 'c', content: evil },
        { role: 'assistant', content: evil },
      ],
      reward: at % 2,
    });
    const path = join(folder, 'evil.jsonl');
    writeFileSync(path, Array.from({ length: 500 }, (_, at) => `${JSON.stringify(record(at))}\n`).join(''));
    const hostile = await openAt('#view=decisions', path);
    await rows(hostile).nth(3).waitFor();
    expect(await hostile.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await hostile.getByRole('tree').locator('img, script').count()).toBe(0);
    await hostile.getByRole('tree').focus();
    await hostile.keyboard.press('End');
    expect(await activeRow(hostile).innerText()).toMatch(/488 other ways\s+488 of 500\s+reward\s+0\.50/);
    await hostile.keyboard.press('Enter');
    await hostile.getByText('438 other ways').waitFor();
  });
});
