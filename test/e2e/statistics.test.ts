/** The statistics of the built page: the numbers of the command line, bars that filter, files that hold them, and hostile names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/cli/api.ts';
import { statisticsCsv } from '../../src/engine/plots/rows.ts';
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

async function show(hash: string, file = SAMPLE): Promise<Page> {
  const page = await bench.open(hash, { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.getByRole('region', { name: 'Statistics' }).waitFor();
  await settled(page);
  return page;
}

/** All intervals are there. */
async function settled(page: Page): Promise<void> {
  await page.getByText(/^95 % intervals: /).waitFor();
  await page.locator('[aria-label="Statistics"] [aria-busy="false"]').waitFor();
}

async function saved(page: Page, press: () => Promise<void>): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe('statistics', () => {
  it('are those of the command line, to the last digit', async () => {
    const page = await show('#view=statistics&split=outcome');
    const { name, bytes } = await saved(page, () => page.getByRole('button', { name: 'Save all as CSV' }).click());
    const answer = await (await open(SAMPLE)).statistics({ split: { by: 'outcome', base: null } });
    expect(name).toBe('statistics.csv');
    expect(bytes.toString()).toBe(statisticsCsv(answer.plots, answer));
    await page.close();
  });

  it('are shown by key 9, and a bar puts its rollouts into the filter and takes them out again', async () => {
    const page = await bench.open('', { scoresByItself: false });
    await dropFiles(page, [SAMPLE]);
    await page.getByRole('button', { name: /^Export/ }).waitFor();
    await page.keyboard.press('9');
    await settled(page);
    const turns = page.getByRole('figure', { name: 'Turns', exact: true });
    const first = turns.locator('[data-bar]').first();
    await first.focus();
    await page.keyboard.press('ArrowRight');
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const [, rollouts, term] = /: (\d+) rollouts?, .*\. Filter by (turns>=\d+ turns<\d+)$/.exec(label) ?? [];
    expect(term).toMatch(/^turns>=/);
    await page.keyboard.press('Enter');
    await page.getByText(`${rollouts} of 128 rollouts`).first().waitFor();
    await page.waitForURL((url) => new URLSearchParams(url.hash.slice(1)).get('filter') === term);
    await settled(page);
    await turns.locator('[data-bar][aria-pressed="true"]').first().focus();
    await page.keyboard.press('Space');
    await page.waitForURL((url) => !url.hash.includes('filter='));
    await page.close();
  });

  it('hold two filters against each other, as an address says it', async () => {
    const page = await show(`#view=statistics&set-a=${encodeURIComponent('reward<=0')}&set-b=${encodeURIComponent('reward>0')}`);
    const { plots, base } = await (await open(SAMPLE)).statistics({ split: { a: 'reward<=0', b: 'reward>0' } });
    expect(base).toBe(0);
    const turns = plots.find(({ id }) => id === 'turns');
    const [a = 0, b = 0] = turns?.value ?? [];
    const row = page.getByRole('row', { name: /^Turns/ });
    const change = `${b < a ? '−' : '+'}${Math.abs((b / a - 1) * 100).toFixed(1)}\u202f%`;
    expect((await row.getByRole('cell').allInnerTexts()).at(-1)).toContain(change);
    await page.close();
  });

  it('are saved as pictures that need nothing else, and read as a table', async () => {
    const page = await show('#view=statistics&split=outcome');
    const card = page.getByRole('figure', { name: 'Turns', exact: true });
    const svg = await saved(page, () => card.getByRole('button', { name: 'SVG' }).click());
    expect(svg.name).toBe('statistics-turns.svg');
    const text = svg.bytes.toString();
    // The page itself parses no markup.
    const blank = await bench.browser.newPage();
    const read = await blank.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        fault: parsed.querySelector('parsererror') !== null,
        titles: [...parsed.querySelectorAll('title')].map((title) => title.textContent),
      };
    }, text);
    await blank.close();
    expect(read.fault).toBe(false);
    expect(read.titles.some((title) => /: \d+ rollouts?, /.test(title))).toBe(true);
    expect(text).not.toContain('var(');
    expect(text).toMatch(/font-family="[^"]*Inter/);
    const png = await saved(page, () => card.getByRole('button', { name: 'PNG' }).click());
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    const [, wide] = /^<svg[^>]* width="(\d+)"/.exec(text) ?? [];
    expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(wide));
    const csv = await saved(page, () => card.getByRole('button', { name: 'CSV' }).click());
    await card.getByRole('button', { name: 'Table' }).click();
    const [, value = ''] = /^turns,failed,,,,\d+,([\d.]+),/m.exec(csv.bytes.toString()) ?? [];
    expect(await card.getByRole('table').innerText()).toContain(value);
    await page.close();
  });

  it('leave names of logs without effect', async () => {
    const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
    const call = { id: 'c', type: 'function', function: { name: evil, arguments: '{}' } };
    const record = (id: string): string =>
      `${JSON.stringify({
        id,
        task_id: `${evil} ${id}`,
        status: evil,
        policy_version: `${evil}\u202e ${id}`,
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c', content: 'c' },
          { role: 'assistant', content: 'd' },
        ],
      })}\n`;
    const log = join(folder, 'evil.jsonl');
    writeFileSync(log, `${record('r1')}${record('r2')}`);
    const page = await show('#view=statistics&split=policy', log);
    expect(await page.locator('[aria-label="Statistics"] img, [aria-label="Statistics"] script').count()).toBe(0);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.getByRole('region', { name: 'Statistics' }).innerText()).not.toContain('\u202e');
    const svg = await saved(page, () => page.getByRole('figure', { name: 'Tool mix' }).getByRole('button', { name: 'SVG' }).click());
    expect(svg.bytes.toString()).not.toMatch(/<img|<script/);
    await page.close();
  });

  it('ask nothing of other hosts, and log no error', () => {
    expect(bench.outside).toEqual([]);
    expect(bench.errors).toEqual([]);
  });
});
