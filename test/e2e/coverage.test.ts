/**
 * Coverage on the built page: figures of two real logs against the raw files (skipped where ../shared/data is missing), and tags of a small
 * log set in bulk, undone, filtered by, and mixed at export.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toyLog, toyTasks } from '../helpers/axes.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const AIRLINE = '../shared/data/tau-bench/historical_trajectories/gpt-4o-airline.json';
const ISSUES = '../shared/data/swe-smith/ft_xml_example.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-coverage-'));
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

async function coverageOf(file: string): Promise<Page> {
  page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.locator('canvas').first().waitFor({ timeout: 60_000 });
  await page
    .getByText(/\d+ rollouts?/)
    .first()
    .waitFor();
  await page.keyboard.press('o');
  await page.getByRole('table', { name: 'Tasks and their tags' }).waitFor({ timeout: 60_000 });
  return page;
}

const cell = (on: Page, row: string, column: string) => on.getByRole('button', { name: new RegExp(`^${row}, ${column}: `) });

describe('the coverage of real logs', () => {
  it.skipIf(!existsSync(AIRLINE))('has every task of an airline’s desk in no software, as many as the file has', async () => {
    const raw = JSON.parse(readFileSync(AIRLINE, 'utf8')) as readonly { readonly task_id: number; readonly traj: unknown }[];
    // What makes them so, said anew: all speak of reservations or flights, and none of code.
    for (const { traj } of raw) {
      const text = JSON.stringify(traj);
      expect([/reservation|flight/i.test(text), /```|\.py\b|\.js\b/.test(text)]).toEqual([true, false]);
    }
    const tasks = new Set(raw.map(({ task_id: task }) => task)).size;
    const shown = await coverageOf(AIRLINE);
    await expect
      .poll(() => cell(shown, 'other', 'other').getAttribute('aria-label'))
      .toMatch(new RegExp(`^other, other: ${tasks} tasks, ${raw.length} rollouts, [\\d,]+ tokens with loss$`));
    await shown.getByText('99 of 100 pairs of tags have no task.').waitFor();
    // Its tokens with loss are those that the panel of the budget tells.
    const tokens = /([\d,]+) tokens/.exec((await cell(shown, 'other', 'other').getAttribute('aria-label')) ?? '')?.[1] ?? '';
    await shown.getByText(`${tokens} distinct tokens with loss`).waitFor();
  });

  it.skipIf(!existsSync(ISSUES))('has the language that the edits of each rollout name in the file', async () => {
    const lines = readFileSync(ISSUES, 'utf8').trim().split('\n');
    const languages = lines.map((line) => {
      const { messages } = JSON.parse(line) as { readonly messages: readonly { readonly role: string; readonly content: unknown }[] };
      const said = messages.filter(({ role }) => role === 'assistant').map(({ content }) => JSON.stringify(content));
      const edits = said.flatMap((text) => [...text.matchAll(/<parameter=path>\s*([^<\\]+)<\/parameter>/g)].map(([, path = '']) => path));
      const endings = edits.flatMap((path) => /\.(\w+)\s*$/.exec(path)?.[1] ?? []);
      return endings.length > 0 && endings.every((ending) => ending === 'py') ? 'Python' : 'another';
    });
    const shown = await coverageOf(ISSUES);
    await shown.getByRole('combobox', { name: 'Axes of the map' }).selectOption('language-types');
    const row = shown.getByRole('row', { name: /^Python/ });
    const python = languages.filter((language) => language === 'Python').length;
    expect(python).toBe(lines.length);
    await expect.poll(() => row.getByRole('cell').last().innerText()).toBe(String(python));
  });
});

describe('tags on the page', () => {
  const log = join(folder, 'toy.jsonl');
  writeFileSync(log, toyLog(toyTasks({ python: 3, rust: 1 })));

  it('are set in bulk, undone, filtered by, and walked by key', async () => {
    const shown = await coverageOf(log);
    await expect.poll(() => cell(shown, 'bug fixing', 'database systems').innerText()).toBe('4');
    await shown.getByRole('button', { name: 'Select all 4' }).click();
    await shown.getByRole('checkbox', { name: 'Select rust-0' }).uncheck();
    await shown.getByText('3 tasks selected').waitFor();
    await shown.getByRole('combobox', { name: 'Axis to set' }).selectOption('scenario');
    await shown.getByRole('combobox', { name: 'Tag to set' }).selectOption('ui-ux-engineering');
    await shown.getByRole('button', { name: 'Set', exact: true }).click();
    await expect.poll(() => cell(shown, 'bug fixing', 'UI/UX engineering').innerText()).toBe('3');
    await expect.poll(() => shown.getByText('by hand', { exact: true }).count()).toBe(3);
    const box = shown.getByRole('combobox', { name: /^Filter rollouts/ });
    await box.fill('scenario:ui-ux-engineering');
    await shown.getByText('3 of 4', { exact: true }).first().waitFor();
    await box.fill('');
    await box.blur();
    await shown.keyboard.press('Control+z');
    await expect.poll(() => cell(shown, 'bug fixing', 'database systems').innerText()).toBe('4');
    await shown.keyboard.press('Control+Shift+z');
    await expect.poll(() => cell(shown, 'bug fixing', 'UI/UX engineering').innerText()).toBe('3');
    // One stop of the Tab key, arrows from cell to cell, Enter lists the tasks of one.
    await cell(shown, 'feature implementation', 'application development').focus();
    await shown.keyboard.press('ArrowDown');
    await shown.keyboard.press('ArrowDown');
    await shown.keyboard.press('ArrowRight');
    await expect
      .poll(() => shown.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^bug fixing, database systems: 1 task/);
    await shown.keyboard.press('Enter');
    await shown.getByRole('button', { name: 'Select all 1' }).waitFor();
  });

  it('are saved as a file that is read again, and balance an export', async () => {
    const shown = await coverageOf(log);
    const [download] = await Promise.all([shown.waitForEvent('download'), shown.getByRole('button', { name: 'Save tags as CSV' }).click()]);
    const csv = readFileSync((await download.path()) ?? '', 'utf8');
    expect(csv).toContain('rust-0,language,rust,guess\r\n');
    const file = join(folder, 'mine.csv');
    writeFileSync(file, csv.replaceAll('guess', 'hand').replace('rust-0,language,rust', 'rust-0,language,zig'));
    await shown.getByLabel('File of tags').setInputFiles(file);
    await shown.getByText('Tags of 4 tasks read from mine.csv.').waitFor();
    await expect.poll(() => shown.getByText('by hand', { exact: true }).count()).toBe(12);
    await shown.keyboard.press('Control+e');
    await shown.getByText('Records', { exact: true }).first().click();
    await shown.getByRole('combobox', { name: 'Mix by', exact: true }).selectOption('language');
    const mix = shown.getByRole('region', { name: 'Mix of tags' });
    await mix.getByText('mix python: 2 of 3 tasks, 66.7 % of tasks, asked for 50.0 %').waitFor();
    await mix.getByText('mix zig: 1 of 1 task, 33.3 % of tasks, asked for 50.0 %').waitFor();
  });
});
