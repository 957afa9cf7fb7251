/** The filter on the built page: typing, completion, faults, hits, links, and texts of a log that would like to be more than text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const XSS = '<img src=x onerror="globalThis.hit=1">';
const folder = mkdtempSync(join(tmpdir(), 'espalier-e2e-'));
const log = join(folder, 'log.jsonl');
let workbench: Workbench;
let page: Page;

function record(task: string, index: number, reward: number, result: string): string {
  const call = {
    id: 'c',
    type: 'function',
    function: { name: index % 2 === 0 ? 'bash' : XSS, arguments: '{"command":"curl example.org"}' },
  };
  return `${JSON.stringify({
    id: `${task}-${index}${XSS}`,
    task_id: task,
    reward,
    status: XSS,
    [XSS]: XSS,
    messages: [
      { role: 'user', content: `Fetch the page of ${task}.` },
      { role: 'assistant', content: 'I try.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: `${result} ${XSS}` },
      { role: 'assistant', content: 'Done.' },
    ],
  })}\n`;
}

beforeAll(async () => {
  const rows = ['pears', 'apples', XSS].flatMap((task) =>
    Array.from({ length: 4 }, (_, i) => record(task, i, i % 2, i === 3 ? 'connection refused, refused again' : `page ${i}`)),
  );
  writeFileSync(log, rows.join(''));
  workbench = await startWorkbench();
});
afterEach(async () => {
  expect(await page.evaluate(() => 'hit' in globalThis)).toBe(false);
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const box = () => page.getByRole('combobox', { name: 'Filter rollouts and search their texts' });

async function opened(hash = ''): Promise<void> {
  page = await workbench.open(hash, { scoresByItself: false });
  await dropFiles(page, [log]);
  await box().waitFor({ timeout: 30_000 });
}

it('filters tasks while it is typed, and completes names and values with their counts', async () => {
  await opened();
  await page.keyboard.press('/');
  await page.keyboard.type('rew');
  const list = page.getByRole('listbox', { name: 'Completions' });
  await list.getByRole('option', { name: /^reward / }).waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await box().getAttribute('aria-activedescendant')).toBe(await list.getByRole('option').first().getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.keyboard.type('<1 tool:b');
  expect((await list.getByRole('option').first().textContent())?.replaceAll(/\s+/g, ' ')).toBe('bash 6');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  expect(await box().inputValue()).toBe('reward<1 tool:bash ');
  await page.getByText('6 of 12', { exact: true }).waitFor();
  await page.getByText('2 of 4 match').first().waitFor();
  await page.keyboard.type('task:pears');
  await page.getByText('2 of 12', { exact: true }).waitFor();
  expect(await page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('search');
  await page.waitForFunction(() => location.hash.includes('filter='));
});

it('says what is wrong and filters nothing, and gives back the filters of before by arrow', async () => {
  await opened();
  await box().fill('turns>many');
  const sentence = page.getByText('Not filtered: expected a number after >, found “many”.');
  await sentence.waitFor();
  expect(await box().getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').count()).toBe(3);
  await box().fill('rewards:1');
  await page.getByText('Not filtered: there is no column rewards; near it: reward.').waitFor();
  await box().fill('failed');
  await page.getByText('6 of 12', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await box().fill('');
  await page.keyboard.press('ArrowUp');
  expect(await box().inputValue()).toBe('failed');
});

it('lists hits by task, goes from one to the next, and selects rollout and node', async () => {
  await opened();
  await box().fill('"connection refused"');
  await page.getByText('3 of 12', { exact: true }).waitFor();
  await page.getByText('3 places').waitFor();
  const hits = page.getByRole('region', { name: 'Hits' });
  expect(await hits.getByText(/^page/).count()).toBe(0);
  await hits
    .getByRole('button', { name: /result …?connection refused/ })
    .first()
    .waitFor();
  const rollout = (): Promise<string | null> => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('rollout'));
  const seen: (string | null)[] = [];
  await box().focus();
  for (let i = 0; i < 4; i++) {
    const before = await rollout();
    await page.keyboard.press('Enter');
    await page.waitForFunction((last) => new URLSearchParams(location.hash.slice(1)).get('rollout') !== last, before);
    seen.push(await rollout());
  }
  expect(new Set(seen.slice(0, 3)).size).toBe(3);
  expect(seen[3]).toBe(seen[0]);
  await page.keyboard.press('Shift+Enter');
  await page.waitForFunction((last) => new URLSearchParams(location.hash.slice(1)).get('rollout') === last, seen[2]);
  await page.getByText('connection refused, refused again').first().waitFor();
  await page.getByText('A bar stands over messages that hold its words.').waitFor();
});

it('is in the address, and comes from it', async () => {
  await opened(`#filter=${encodeURIComponent('refused -task:pears')}`);
  expect(await box().inputValue()).toBe('refused -task:pears');
  await page.getByText('2 of 12', { exact: true }).waitFor();
  await page.getByText('4 places').waitFor();
});

it('shows what is hostile as text: in completions, sentences and hits', async () => {
  await opened();
  await box().fill('status:');
  await page.getByRole('option').first().waitFor();
  await box().fill(`${XSS.replaceAll('"', '').replaceAll(/[<>=]/g, '')}:1`);
  await page.getByText(/Not filtered/).waitFor();
  await box().fill('"onerror"');
  await page.getByText('12 of 12', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Hits' }).getByText('onerror').first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  await box().fill('/<img[^]*?onerror/');
  await page.getByText('12 of 12', { exact: true }).waitFor();
});

it('ends an expression that finds no end, with a sentence, and goes on', { timeout: 60_000 }, async () => {
  const hanging = join(folder, 'hanging.jsonl');
  writeFileSync(hanging, record('pears', 0, 0, `${'a'.repeat(60)}b`));
  page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [hanging]);
  await box().fill('/^(a+)+$/');
  await page.getByText('Not filtered: the search found no end within 5 s in one record of hanging.jsonl.').waitFor({ timeout: 30_000 });
  await box().fill('curl');
  await page.getByText('1 of 1', { exact: true }).first().waitFor();
});
