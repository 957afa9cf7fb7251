/** A log of 60 MB in the built page: every record accounted for, nothing large crosses to the page, cancel keeps what was read. */
import { closeSync, linkSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorkbench, type Workbench } from './page.ts';

const TASKS = 300;
const ROLLOUTS = 6_000;
const TORN = 40;
const BYTES = 60_000_000;
/** Entries of objects and lists in one message to the page; columns cross as buffers and count once. */
const MOST_ENTRIES = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'espalier-large-'));
const log = join(folder, 'large.jsonl');
let bytes = 0;
let workbench: Workbench;

/** What the page is watched with, from before its first script on. */
interface Watch {
  readonly longTasks: number[];
  readonly progress: Set<string>;
  largestMessage: number;
  messages: number;
}

beforeAll(async () => {
  bytes = writeLog(log);
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rollouts of a task share their first turns; every 150th line is torn. Returns the bytes written. */
function writeLog(path: string): number {
  const words =
    'amber barrel copper dahlia ember fallow garnet hollow indigo juniper kestrel lantern meadow nettle orchard plough quarry river'.split(
      ' ',
    );
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const text = (count: number): string => Array.from({ length: count }, () => words[random(words.length)]).join(' ');
  const shared = Array.from({ length: TASKS }, () => text(400));
  const file = openSync(path, 'w');
  let written = 0;
  for (let rollout = 0; rollout < ROLLOUTS; rollout++) {
    const task = rollout % TASKS;
    const messages = [{ role: 'user', content: `Task ${task}: ${shared[task]}` }];
    for (let turn = 0; turn < 5; turn++) messages.push({ role: 'assistant', content: text(130) }, { role: 'user', content: text(80) });
    messages.push({ role: 'assistant', content: text(100) });
    const line = JSON.stringify({ id: `r${rollout}`, task_id: `task-${task}`, reward: rollout % 3, messages });
    written += writeSync(file, `${line}\n`);
    if (rollout % (ROLLOUTS / TORN) === 1) written += writeSync(file, `${line.slice(0, 50)}\n`);
  }
  closeSync(file);
  return written;
}

/** The start page with watches in place and the plain file input, which can be handed a path. */
async function openWatched(): Promise<Page> {
  const context = await workbench.browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
    const watch: Watch = { longTasks: [], progress: new Set(), largestMessage: 0, messages: 0 };
    Object.assign(globalThis, { watch });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watch.longTasks.push(Math.round(duration));
    }).observe({ type: 'longtask', buffered: true });
    const entriesOf = (root: unknown): number => {
      const open = [root];
      let count = 0;
      while (open.length > 0) {
        const value = open.pop();
        count++;
        if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) continue;
        for (const inner of Object.values(value)) open.push(inner);
      }
      return count;
    };
    const { Worker } = globalThis;
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          watch.messages++;
          watch.largestMessage = Math.max(watch.largestMessage, entriesOf(data));
        });
      }
    };
    new MutationObserver(() => {
      const text = document.querySelector('output')?.textContent ?? '';
      if (/records/.test(text)) watch.progress.add(text);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => workbench.errors.push(error.message));
  await page.goto(workbench.address);
  return page;
}

async function choose(page: Page, paths: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /files/i }).first().click()]);
  await chooser.setFiles([...paths]);
}

const watched = (page: Page): Promise<{ longTasks: number[]; progress: string[]; largestMessage: number; messages: number }> =>
  page.evaluate(() => {
    const { watch } = globalThis as unknown as { watch: Watch };
    return { ...watch, progress: [...watch.progress] };
  });

it('accounts for every record of a large log, shows progress, and sends the page little at a time', async () => {
  expect(bytes).toBeGreaterThan(BYTES * 0.8);
  const page = await openWatched();
  const begun = Date.now();
  await choose(page, [log]);
  await page
    .getByText(`${ROLLOUTS.toLocaleString('en')} rollouts · ${TASKS} tasks`, { exact: false })
    .first()
    .waitFor({ timeout: 150_000 });
  await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached', timeout: 150_000 });
  const seconds = (Date.now() - begun) / 1000;
  expect(await page.getByRole('button', { name: /issue/i }).first().textContent()).toContain(`${TORN} records`);
  const loading = await watched(page);
  expect(loading.progress.length).toBeGreaterThanOrEqual(3);
  expect(loading.progress.some((text) => /MB of .*MB.*records.*rollouts used.*MB\/s.*left/.test(text))).toBe(true);

  // The handle of the cut.
  await page.getByRole('combobox', { name: 'Preset' }).selectOption('cheapest');
  const field = page
    .getByRole('spinbutton', { name: /budget/i })
    .or(page.getByRole('textbox', { name: /budget/i }))
    .first();
  const spent = page.getByTitle(/^[\d,]+ of [\d,]+$/).first();
  const seen = new Set<number>();
  const shown = async (): Promise<number> => {
    const [kept = 0, total = 0] = ((await spent.getAttribute('title')) ?? '').replaceAll(',', '').split(' of ').map(Number);
    return kept / total;
  };
  for (const share of ['20', '60', '35']) {
    await field.fill(share);
    await field.press('Enter');
    // What was asked before may be answered first.
    await expect.poll(shown, { timeout: 10_000 }).toBeLessThanOrEqual(Number(share) / 100);
    await expect.poll(shown, { timeout: 10_000 }).toBeGreaterThan(Number(share) / 100 - 0.05);
    seen.add(await shown());
  }
  expect(seen.size).toBe(3);
  const after = await watched(page);
  expect(after.messages).toBeGreaterThan(loading.messages);
  expect(after.largestMessage).toBeLessThan(MOST_ENTRIES);
  const worst = (tasks: readonly number[]): string =>
    `${tasks.length} tasks over 50 ms, the longest ${tasks.reduce((most, ms) => Math.max(most, ms), 0)} ms`;
  process.stdout.write(
    `page, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s: while loading ` +
      `${worst(loading.longTasks)}; afterwards ${worst(after.longTasks.slice(loading.longTasks.length))}\n`,
  );
  await page.context().close();
});

it('stops when it is told to, and what was read can be browsed', async () => {
  const copies = Array.from({ length: 15 }, (_, i) => join(folder, `copy-${i}.jsonl`));
  for (const copy of copies) linkSync(log, copy);
  const page = await openWatched();
  await choose(page, copies);
  await page
    .getByText(/[1-9][\d,]* rollouts used/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page
    .getByText(/ so far/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
  await page.getByRole('application', { name: /Prefix tree/ }).waitFor();
  expect(await page.evaluate(() => document.body.innerText)).toMatch(/[1-9][\d,]* rollouts · \d+ tasks? so far/);
  // The workers are free again for the next opening.
  const { progress } = await watched(page);
  await page.reload();
  await choose(page, [log]);
  await page
    .getByText(`${ROLLOUTS.toLocaleString('en')} rollouts · ${TASKS} tasks`, { exact: false })
    .first()
    .waitFor({ timeout: 150_000 });
  expect(progress.length).toBeGreaterThan(0);
  await page.context().close();
});

it('keeps the code that reads logs out of the page', () => {
  const html = readFileSync('dist/index.html', 'utf8');
  const scripts = Array.from(html.matchAll(/(?:src|href)="[./]*(assets\/[^"]+\.js)"/g), (match) => match[1] ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    // Words of the record reader and of the tree builder's complaints; minifying keeps texts.
    for (const words of ['one JSON value', 'a complete JSON value before the end of the file', 'has no tokens'])
      expect(readFileSync(join('dist', script), 'utf8')).not.toContain(words);
  }
});

it('threw nothing', () => {
  expect(workbench.errors).toEqual([]);
});
