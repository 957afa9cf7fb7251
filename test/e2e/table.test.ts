/** The table of rollouts in the built page: its rows, order, groups, brushes, keys, CSV and links, with hostile text in every field. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const log = join(folder, 'log.jsonl');
const HOSTILE = '<img src=x onerror="window.isHit=1">';
const rewards = [1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
const record = (task: string, index: number): string =>
  `${JSON.stringify({
    id: `${task}-${index}${HOSTILE}`,
    instance_id: `${task}${HOSTILE}`,
    reward: rewards[index],
    status: HOSTILE,
    model: `=cmd()${HOSTILE}`,
    metadata: { [`<b>${HOSTILE}`]: HOSTILE, seed: index / 3 },
    messages: [
      { role: 'user', content: `Do ${task}. ${HOSTILE}` },
      ...Array.from({ length: index + 1 }, (_, turn) => [
        {
          role: 'assistant',
          content: `step ${turn} of ${index}`,
          tool_calls: [{ id: `${turn}`, type: 'function', function: { name: HOSTILE, arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: `${turn}`, content: 'ok', ...(turn === 0 && { is_error: true }) },
      ]).flat(),
      { role: 'assistant', content: 'Done.' },
    ],
  })}\n`;

let bench: Workbench;
beforeAll(async () => {
  writeFileSync(log, ['pears', 'plums'].flatMap((task) => rewards.map((_, index) => record(task, index))).join(''));
  bench = await startWorkbench();
}, 120_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openTable(hash = '#view=table'): Promise<{ page: Page; grid: Locator }> {
  const page = await bench.open(hash, { scoresByItself: false });
  await dropFiles(page, [log]);
  const grid = page.locator('[role=grid][aria-label=Rollouts], [role=treegrid][aria-label=Rollouts]');
  await grid.locator('tr[data-index="0"]').waitFor();
  return { page, grid };
}
/** Of a column by its name, of the first rows that are rollouts. */
async function cells(grid: Locator, name: string, count: number): Promise<string[]> {
  const names = await grid.locator('th button').allInnerTexts();
  const at = names.findIndex((text) => text.replaceAll(/[↑↓\s]/g, '') === name.replaceAll(' ', ''));
  return (
    await grid
      .locator('tbody tr[aria-selected]')
      .evaluateAll((rows, column) => rows.map((row) => row.children[column]?.textContent ?? ''), at)
  ).slice(0, count);
}

it('groups by task, says how many are solved, sorts, and keeps both in the link', async () => {
  const { page, grid } = await openTable();
  const groups = grid.locator('tr[aria-expanded]');
  await expect.poll(() => groups.first().innerText()).toContain('3 of 10 solved');
  expect(await groups.first().innerText()).toContain('0.30 (0.11 to 0.60)');
  await grid.getByRole('button', { name: 'turns', exact: true }).click();
  await expect.poll(() => cells(grid, 'turns', 3)).toEqual(['11', '10', '9']);
  await grid.getByRole('button', { name: 'turns' }).click();
  await expect.poll(() => cells(grid, 'turns', 3)).toEqual(['2', '3', '4']);
  expect(await grid.locator('th[aria-sort="ascending"]').innerText()).toContain('turns');
  await page.getByLabel('by task').uncheck();
  await expect.poll(() => cells(grid, 'turns', 4)).toEqual(['2', '2', '3', '3']);
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/order=%2Bturns.*grouped=no|grouped=no.*order=%2Bturns/);
  const hash = await page.evaluate(() => location.hash);
  const again = await openTable(hash);
  await expect.poll(() => cells(again.grid, 'turns', 4)).toEqual(['2', '2', '3', '3']);
  await Promise.all([page.context().close(), again.page.context().close()]);
});

it('fits at first, and lets columns be moved by a drag of their heads and by keys', async () => {
  const { page, grid } = await openTable('#view=table');
  const scroller = grid.locator('xpath=..');
  await expect.poll(() => scroller.evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);
  const names = async (): Promise<string[]> => (await grid.locator('th button').allInnerTexts()).map((name) => name.trim());
  const before = await names();
  expect(before.slice(-2)).toEqual(['kept', 'trained']);
  const middle = async (name: string): Promise<readonly [number, number]> => {
    const { x, y, width, height } = (await grid.getByRole('button', { name, exact: true }).boundingBox())!;
    return [x + width / 2, y + height / 2];
  };
  await page.mouse.move(...(await middle('trained')));
  await page.mouse.down();
  const [x, y] = await middle('reward');
  await page.mouse.move(x - 12, y, { steps: 5 });
  await page.mouse.up();
  const moved = before.filter((name) => name !== 'trained').toSpliced(before.indexOf('reward'), 0, 'trained');
  await expect.poll(names).toEqual(moved);
  // A drag does not sort, and a press does.
  expect(await grid.locator('th[aria-sort]').count()).toBe(0);
  await page.getByRole('button', { name: /^Columns/ }).click();
  await page.getByRole('button', { name: /^Move trained,/ }).press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await page.getByRole('button', { name: /^Move trained,/ }).evaluate((it) => it === document.activeElement)).toBe(true);
  const at = moved.indexOf('trained') - 2;
  await expect.poll(names).toEqual(before.filter((name) => name !== 'trained').toSpliced(at, 0, 'trained'));
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/columns=[^&]*trained/);
  await page.context().close();
});

it('cuts no name of a head that is shown at first, no share that is kept, and no list of what is protected', async () => {
  const page = await bench.open('#view=table', { scoresByItself: false });
  await dropFiles(page, ['public/samples/orchard.jsonl', 'public/samples/orchard-chat.jsonl']);
  const grid = page.getByRole('treegrid', { name: 'Rollouts' });
  await grid.locator('tr[aria-selected]').first().waitFor();
  const heads = grid.locator('th button');
  const names = async (): Promise<string[]> => (await heads.allInnerTexts()).map((name) => name.replaceAll(/\s+/g, ' ').trim());
  await expect.poll(names).toEqual(expect.arrayContaining(['policy version', 'parallel calls', 'mean entropy', 'kept']));
  const cut = (within: Locator): Promise<string[]> =>
    within.evaluateAll((all) =>
      all.filter((it) => it.scrollWidth > it.clientWidth || it.scrollHeight > it.clientHeight + 1).map((it) => it.textContent),
    );
  expect(await cut(grid.locator('th button > span'))).toEqual([]);
  for (let head = 0; head < (await heads.count()); head++) {
    await heads.nth(head).click();
    await grid.locator('th[aria-sort]').nth(0).waitFor();
    expect(await cut(grid.locator('th[aria-sort] button > span'))).toEqual([]);
  }
  await expect.poll(() => grid.getByText('100.0').count()).toBeGreaterThan(0);
  expect(await cut(grid.locator('td').filter({ hasText: '100.0' }))).toEqual([]);
  const button = page.getByRole('button', { name: /^Protect events: tools ×2, memory ×2, final ×2/ });
  expect(await cut(button.locator('> span:not([aria-hidden])'))).toEqual([]);
  expect(await cut(button)).toEqual([]);
  await page.context().close();
});

it('says what is left out for room, and keeps it so when a head is dropped where it was', async () => {
  const { page, grid } = await openTable('#view=table');
  await page.setViewportSize({ width: 1000, height: 900 });
  const names = async (): Promise<string[]> => (await grid.locator('th button').allInnerTexts()).map((name) => name.trim());
  await expect.poll(names).not.toContain('calls');
  const before = await names();
  const columns = page.getByRole('button', { name: /^Columns/ });
  await columns.click();
  const line = page.getByText(/^Left out for room: /);
  const left = (await line.innerText()).replace('Left out for room: ', '').replace('.', '').split(', ');
  expect(left).toContain('calls');
  expect(left.filter((name) => before.includes(name))).toEqual([]);
  await page.keyboard.press('Escape');
  const box = (await grid.getByRole('button', { name: 'turns', exact: true }).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 4 });
  await page.mouse.move(x + 8, y, { steps: 4 });
  await page.mouse.up();
  // The address is written a moment after the choices rest.
  await page.waitForTimeout(800);
  expect(await page.evaluate(() => location.hash)).not.toContain('columns=');
  expect(await names()).toEqual(before);
  await page.setViewportSize({ width: 1900, height: 900 });
  await expect.poll(names).toContain('calls');
  await columns.click();
  await page.getByRole('searchbox', { name: 'Find a column' }).waitFor();
  expect(await line.count()).toBe(0);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

it('filters by a brush over a histogram, by pointer and by keys', async () => {
  const { page, grid } = await openTable('#view=table&grouped=no');
  const bar = grid.locator('th').filter({ hasText: 'reward' }).locator('svg');
  const box = (await bar.boundingBox())!;
  await page.mouse.move(box.x + box.width - 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 2, box.y + 10);
  await page.mouse.up();
  const filter = page.getByRole('combobox', { name: /filter/i });
  await expect.poll(() => filter.inputValue()).toMatch(/^reward>=\S+ reward<=1$/);
  await expect
    .poll(() =>
      page
        .getByRole('status')
        .filter({ hasText: /^6 of 20$/ })
        .count(),
    )
    .toBeGreaterThan(0);
  expect(await cells(grid, 'reward', 6)).toEqual(['1', '1', '1', '1', '1', '1']);
  await bar.dblclick();
  await expect.poll(() => filter.inputValue()).toBe('');
  const slider = grid.getByRole('slider', { name: 'Filter by reward' });
  await slider.focus();
  for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key);
  await expect.poll(() => filter.inputValue()).toMatch(/^reward>=0 reward<\S+$/);
  await expect
    .poll(() =>
      page
        .getByRole('status')
        .filter({ hasText: /^14 of 20$/ })
        .count(),
    )
    .toBeGreaterThan(0);
  await page.keyboard.press('Delete');
  await expect.poll(() => filter.inputValue()).toBe('');
  await page.context().close();
});

it('is walked by keys: arrows move, Space selects, Enter opens the transcript', async () => {
  const { page, grid } = await openTable();
  await grid.focus();
  for (const key of ['ArrowDown', 'ArrowDown', ' ']) await page.keyboard.press(key);
  // The row that is open is not one of the selection.
  const selected = grid.locator('tr[aria-current="true"]');
  await expect.poll(() => selected.getAttribute('data-index')).toBe('2');
  expect(await grid.getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'));
  const chosen = grid.locator('tr[aria-selected="true"]');
  expect(await chosen.count()).toBe(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Space');
  await expect.poll(() => chosen.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-index')))).toEqual(['3']);
  expect(await selected.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-index')))).toEqual(['2']);
  await page.keyboard.press('Shift+Space');
  await expect.poll(() => chosen.count()).toBe(0);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await expect.poll(() => grid.locator('tr[data-index="21"]').count()).toBe(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => grid.locator('tr[aria-expanded="false"]').count()).toBe(1);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('view=transcript');
  expect(await page.evaluate(() => location.hash)).toMatch(/rollout=[0-9a-f]{16}/);
  await page.context().close();
});

it('shows the fields of the log that are chosen, saves CSV, and runs nothing that a log says', async () => {
  const { page, grid } = await openTable('#view=table&grouped=no&columns=id,model,reward,field.metadata.seed');
  await page.getByRole('button', { name: /^Columns/ }).click();
  await page
    .getByRole('textbox', { name: 'Find a column' })
    .or(page.getByRole('searchbox', { name: 'Find a column' }))
    .fill('metadata.<b>');
  await page.getByRole('checkbox').last().check();
  await page.keyboard.press('Escape');
  expect(await grid.locator('th').last().innerText()).toContain(`metadata.<b>${HOSTILE}`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('rollouts.csv');
  const quoted = HOSTILE.replaceAll('"', '""');
  const lines = ['pears', 'plums'].flatMap((task) =>
    rewards.map((reward, index) => `"${task}-${index}${quoted}","'=cmd()${quoted}",${reward},${index / 3},"${quoted}"\r\n`),
  );
  expect(readFileSync(await file.path(), 'utf8')).toBe(
    `id,model,reward,field.metadata.seed,"field.metadata.<b>${quoted}"\r\n${lines.join('')}`,
  );
  await page.getByRole('radio', { name: 'Rollouts' }).last().check({ force: true });
  expect(await page.evaluate(() => ({ isHit: 'isHit' in window, images: document.querySelectorAll('img').length }))).toEqual({
    isHit: false,
    images: 0,
  });
  expect(bench.errors).toEqual([]);
  expect(bench.outside).toEqual([]);
  await page.context().close();
});
