/** A report of the built page: saved with a filter set, opened alone, with the page's figures, and nothing asked of any network. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN_VIEWS } from '../../src/app/views/main/registry.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
let bench: Workbench;
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));

beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Save a report' });

async function openDialog(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Save a report');
  await page.keyboard.press('Enter');
  await dialogOf(page)
    .getByText(/parts? gathered/)
    .waitFor();
}

/** Saves what the dialog offers, and opens the file in a page of its own. */
async function savedReport(page: Page): Promise<{ readonly report: Page; readonly name: string; readonly asked: readonly string[] }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialogOf(page).getByRole('button', { name: 'Save as HTML' }).click(),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  const report = await page.context().newPage();
  const asked: string[] = [];
  report.on('request', (request) => asked.push(request.url().slice(0, 40)));
  report.on('console', (message) => bench.errors.push(message.text()));
  report.on('pageerror', (error) => bench.errors.push(error.message));
  await report.goto(pathToFileURL(path).href);
  return { report, name: download.suggestedFilename(), asked: asked.filter((url) => !/^(file|data):/.test(url)) };
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** What axe finds in an open dialog, else in the page, serious or not, with its first place. */
async function faultsOf(page: Page, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(document.querySelector('dialog') ?? document, { runOnly: ${JSON.stringify(rules)} })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 120)))`,
  );
}

it('holds the figures, the rows and the pictures of the page, and nothing of it runs', async () => {
  const page = await bench.open('#filter=reward%3E0&cut=0.4', { scoresByItself: false });
  await dropFiles(page, [SAMPLE]);
  await page.getByRole('row', { name: /^nodes/ }).waitFor();
  await page.getByTitle(/ of .* rollouts$/).waitFor();
  await expect.poll(() => page.getByRole('row', { name: /^rollouts with loss/ }).innerText()).not.toContain('…');
  const figures = await page.evaluate(() =>
    Array.from(document.querySelectorAll('tr[title]'), (row) => {
      const [before, after] = (row.querySelector('td')?.textContent ?? '').split(' → ');
      return [row.querySelector('th')?.textContent, after === undefined ? '' : before, after ?? before, row.getAttribute('title')];
    }),
  );
  expect(figures.length).toBeGreaterThan(15);
  const taken = Number((await page.getByTitle(/ of .* rollouts$/).innerText()).split(' ')[0]?.replaceAll(',', ''));
  await openDialog(page);
  const dialog = dialogOf(page);
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Orchard <b>at 40 %</b>');
  await dialog.getByRole('list', { name: 'Rollouts' }).getByRole('checkbox').nth(1).check();
  await dialog.getByText(/parts? gathered/).waitFor();
  expect(await faultsOf(page, RULES)).toEqual([]);
  const { report, name, asked } = await savedReport(page);
  expect(name).toBe('Orchard--b-at-40-%--b-.html');
  expect(await report.title()).toBe('Orchard <b>at 40 %</b>');
  const rowsOf = (caption: string) =>
    report
      .getByRole('table', { name: caption })
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => Array.from(row.children, (cell) => cell.textContent)));
  expect(await rowsOf('Before and after')).toEqual(figures);
  const rollouts = await rowsOf('Rollouts');
  expect(rollouts.length).toBe(Math.min(500, taken));
  expect(
    await report
      .getByText(/^Filter: reward>0 takes /)
      .first()
      .innerText(),
  ).toContain(`takes ${taken.toLocaleString('en')} of `);
  expect(
    await report.getByRole('img').evaluateAll((all) => all.every((img) => img instanceof HTMLImageElement && img.naturalWidth > 0)),
  ).toBe(true);
  expect(await report.getByRole('img').count()).toBe(2);
  expect(await report.locator('article h3').count()).toBe(1);
  expect(await report.locator('article .part').count()).toBeGreaterThan(2);
  expect(await report.getByText('espalier prune orchard-chat.jsonl').innerText()).toContain('--budget 0.4');
  expect(asked).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await report.emulateMedia({ colorScheme });
    expect(await faultsOf(report, [...RULES, 'best-practice']), colorScheme).toEqual([]);
  }
  await report.setViewportSize({ width: 390, height: 844 });
  expect(await report.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(bench.errors).toEqual([]);
  expect(bench.outside).toEqual([]);
  await page.context().close();
});

it('has all rollouts, and the list beside the tree too, while the table shows the selected ones only', async () => {
  const page = await bench.open('#view=table&grouped=no', { scoresByItself: false });
  await dropFiles(page, [SAMPLE]);
  const grid = page.getByRole('grid', { name: 'Rollouts', exact: true });
  for (const row of [0, 1]) await grid.locator(`tr[data-index="${row}"]`).click({ modifiers: ['Control'] });
  const all = Number(await grid.getAttribute('aria-rowcount')) - 1;
  await page.getByLabel('selected only').check();
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('3');
  await page.getByText(`2 selected of ${all}`, { exact: true }).waitFor();
  await openDialog(page);
  const { report } = await savedReport(page);
  for (const caption of await report.getByRole('table', { name: 'Rollouts' }).all())
    expect(await caption.locator('tbody tr').count()).toBe(Math.min(500, all));
  expect(await report.getByRole('table', { name: 'Rollouts' }).count()).toBeGreaterThan(0);
  await report.close();
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await page.getByRole('radio', { name: 'Rollouts' }).last().check({ force: true });
  await expect.poll(() => page.getByRole('grid', { name: 'List of rollouts' }).getAttribute('aria-rowcount')).toBe(String(all + 1));
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

it('takes plots along as drawings, and replaces secrets where that is chosen', async () => {
  const file = join(folder, 'mail.jsonl');
  const rollout = (id: string, reward: number) =>
    `${JSON.stringify({
      id,
      reward,
      messages: [
        { role: 'user', content: 'Write to ann.pear@orchard.org <img src=x onerror=alert(1)>' },
        { role: 'assistant', content: `Sent to ann.pear@orchard.org, ${id}.` },
      ],
    })}\n`;
  writeFileSync(file, rollout('m1', 1) + rollout('m2', 0));
  const page = await bench.open('#view=statistics&split=outcome', { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.locator('[aria-label="Statistics"] [aria-busy="false"]').waitFor();
  await openDialog(page);
  const dialog = dialogOf(page);
  await dialog.getByRole('list', { name: 'Rollouts' }).getByRole('checkbox').first().check();
  const found = dialog.getByRole('status', { name: 'Secrets found' });
  await expect.poll(() => found.innerText()).toMatch(/^Its texts hold \d+ secrets: \d+ × e-mail address\. Nothing is replaced/);
  await dialog.getByRole('checkbox', { name: /^Replace keys/ }).check();
  await expect.poll(() => found.innerText()).toContain('All are replaced');
  // One by one: what is not ticked stays.
  const one = dialog.getByRole('group', { name: 'Secrets' }).getByRole('listitem').getByRole('checkbox');
  await one.uncheck();
  await expect.poll(() => found.innerText()).toContain('0 of 1 different values replaced');
  await one.check();
  await expect.poll(() => found.innerText()).toContain('All are replaced');
  const { report } = await savedReport(page);
  const text = await report.content();
  expect(text).not.toContain('ann.pear@orchard.org');
  expect(await report.locator('.part .said').first().innerText()).toBe('Write to [e-mail address 1] <img src=x onerror=alert(1)>');
  expect(await report.locator('main > p').innerText()).toMatch(
    /^Made with Espalier\. Secrets are replaced by placeholders .*e-mail address\.$/,
  );
  const numbers = async (of: Page) => {
    const heads = of.getByRole('table', { name: /^(Solved|Failed) against (solved|failed)$/i }).locator('tbody th');
    return (await heads.allInnerTexts()).map((name) => name.replaceAll(/[\s,]+/g, ''));
  };
  expect((await numbers(report)).length).toBeGreaterThan(3);
  expect(await numbers(report)).toEqual(await numbers(page));
  expect(await report.getByText(/^Bars in plots: \w+ plain, \w+ hatched\.$/).count()).toBe(1);
  const drawn = await page.locator('[aria-label="Statistics"] figure svg.plot').count();
  expect(drawn).toBeGreaterThan(0);
  expect(await report.locator('figure svg[role="img"]').count()).toBe(drawn);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

it('holds what each view without a picture lists, whole and as text', async () => {
  const file = join(folder, 'views.jsonl');
  const hostile = '<img src=x onerror=alert(1)>';
  const call = (command: string) => ({ id: 'c1', type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } });
  const rollout = (id: string, reward: number, command: string) =>
    `${JSON.stringify({
      id,
      reward,
      messages: [
        { role: 'user', content: `Count the pears. ${hostile}` },
        { role: 'assistant', content: '', tool_calls: [call(command)] },
        { role: 'tool', tool_call_id: 'c1', content: `38 ${hostile}` },
        { role: 'assistant', content: `It is ${command}, ${id}.`, logprobs: { content: [{ token: 'It', logprob: -2.5 }] } },
      ],
    })}\n`;
  writeFileSync(file, [1, 1, 0, 0].map((reward, i) => rollout(`r${i}`, reward, reward === 1 ? `ls ${hostile}` : 'cat pears')).join(''));
  const page = await bench.open('', { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.getByText('4 rollouts').first().waitFor();
  const cellsOf = async (key: string, ready: string, caption: RegExp): Promise<string[]> => {
    await page.keyboard.press(key);
    await page.locator(ready).first().waitFor();
    await openDialog(page);
    const { report } = await savedReport(page);
    const cells = await report
      .locator('section', { hasText: 'The view' })
      .getByRole('table', { name: caption })
      .locator('tbody tr')
      .allInnerTexts();
    expect(await report.locator('img[src=x]').count()).toBe(0);
    expect(await report.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await report.close();
    return cells;
  };
  const keys = new Map(MAIN_VIEWS.map(({ id, key }) => [id, key]));
  const keyOf = (id: string): string => keys.get(id) ?? '';
  const ways = await cellsOf(keyOf('decisions'), '[role=treeitem]', /^Ways of the forks/);
  expect(ways.join('\n')).toContain(`bash`);
  expect(ways.join('\n')).toContain(hostile);
  expect(ways.length).toBeGreaterThan(1);
  const split = await cellsOf(keyOf('decisions'), '[role=treeitem]', /^Where runs part ways/);
  expect(split[0]).toMatch(/1\.00.*0\.00/s);
  const pair = await cellsOf(keyOf('side'), 'text=here they part', / side by side$/);
  expect(pair.some((row) => row.includes('here they part'))).toBe(true);
  expect(pair.join('\n')).toContain('cat pears');
  await page.keyboard.press(keyOf('top'));
  await page.getByText('forks', { exact: true }).first().click();
  const forks = await cellsOf(keyOf('top'), 'table[aria-label="Most frequent forks"]', /^Most frequent forks$/);
  expect(forks.join('\n')).toContain('2 of 4');
  // What other parts of the report hold is not said twice.
  await page.keyboard.press(keyOf('table'));
  await openDialog(page);
  const { report } = await savedReport(page);
  await report.getByText('Its rows are below, under Rollouts.').waitFor();
  expect(await report.getByRole('table', { name: 'Rollouts' }).count()).toBe(1);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});
