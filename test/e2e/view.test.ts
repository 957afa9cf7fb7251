/** `espalier view PATH…` in the built page: what is named is open at once, read by ranges, and read on as it grows. */
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shareFiles, type SharedFiles } from '../../src/platform/node/shared-files.ts';
import { startWorkbench, type Workbench } from './page.ts';
import { line, rollouts, startView as start } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-view-'));
const children: ChildProcess[] = [];
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const startView = (args: readonly string[]): Promise<string> => start(children, args);

it('opens what is named at once, reads no byte of a large file twice, and text by ranges', async () => {
  const path = join(folder, 'large.jsonl');
  writeFileSync(path, Array.from({ length: 2000 }, (_, n) => line(`task-${n % 40}`, n, 800)).join(''));
  const { size } = statSync(path);
  expect(size).toBeGreaterThan(10_000_000);
  const inner = shareFiles(() => [{ name: 'large.jsonl', path }], false);
  const asked: { readonly start: number; readonly bytes: number }[] = [];
  const shared: SharedFiles = {
    ...inner,
    answer(rest, request, response) {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (request.method === 'GET' && start !== undefined) asked.push({ start: Number(start), bytes: Number(end) + 1 - Number(start) });
      inner.answer(rest, request, response);
    },
  };
  const served = await startWorkbench({ shared });
  const page = await served.open(`?view=${shared.token}`);
  await rollouts(page, 2000);
  const read = (): number => asked.reduce((sum, { bytes }) => sum + bytes, 0);
  await expect.poll(read).toBeGreaterThanOrEqual(size);
  // Beside the words of what is drawn, which are read back from where they stand.
  expect(read()).toBeLessThan(size * 1.1);
  const before = asked.length;
  await page.keyboard.press('5');
  await page
    .getByText(/word\d+ word/)
    .first()
    .waitFor();
  const again = asked.slice(before).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(again).toBeLessThan(1_000_000);
  expect(served.errors).toEqual([]);
  expect(served.outside).toEqual([]);
  await served.close();
});

it('follows a folder: what is appended joins, selection stays, a new file comes in, a replaced file is told', async () => {
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  const log = join(runs, 'a.jsonl');
  writeFileSync(log, line('one', 0, 3) + line('one', 1, 3));
  const address = await startView([runs, '--follow']);
  const page = await workbench.browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(address);
  await rollouts(page, 2);
  const strip = page.getByRole('region', { name: 'Files that grow' });
  await strip.getByText('Following 1 file').waitFor();
  await page.keyboard.press('6');
  await page.waitForFunction(() => location.hash.includes('view='));
  // Half a line is no record.
  const third = line('one', 2, 3);
  appendFileSync(log, third.slice(0, 40));
  await page.waitForTimeout(1500);
  await rollouts(page, 2);
  appendFileSync(log, third.slice(40) + line('two', 3, 3));
  await rollouts(page, 4);
  await strip.getByRole('button', { name: '2 new rollouts' }).click();
  await strip.getByRole('button', { name: /new rollout/ }).waitFor({ state: 'detached' });
  expect(await page.evaluate(() => location.hash)).toContain('view=');
  writeFileSync(join(runs, 'b.jsonl'), line('three', 4, 3));
  await rollouts(page, 5);
  await strip.getByText('Following 2 files').waitFor();
  await strip.getByText(/3 rollouts came/).waitFor({ state: 'attached' });
  // Rotated: another file has its name, and is longer.
  writeFileSync(join(folder, 'next'), line('four', 9, 200));
  renameSync(join(folder, 'next'), log);
  await strip
    .getByRole('alert')
    .getByText(/a\.jsonl: the file was replaced/)
    .waitFor();
  await strip.getByRole('button', { name: 'Open again' }).click();
  await rollouts(page, 2);
  expect(errors).toEqual([]);
  await page.close();
});

it('sorts what comes to a folder as at the start, tells what it cannot read, and leaves out what a person took out', async () => {
  const runs = join(folder, 'sorted');
  mkdirSync(runs);
  const log = join(runs, 'a.jsonl');
  writeFileSync(log, line('one', 0, 3));
  writeFileSync(join(runs, 'b.jsonl'), line('two', 1, 3));
  // Of another kind: no log.
  writeFileSync(join(runs, 'verdicts.csv'), 'id,reward\none-0,1\n');
  const page = await workbench.browser.newPage();
  const address = await startView([runs, '--follow']);
  await page.goto(address);
  await rollouts(page, 2);
  const strip = page.getByRole('region', { name: 'Files that grow' });
  await strip.getByText('Following 2 files').waitFor();
  await page.waitForTimeout(2500);
  expect(await strip.getByRole('alert').count()).toBe(0);
  writeFileSync(join(runs, 'list.jsonl'), '{"no": "log"}\n');
  await strip
    .getByRole('alert')
    .getByText(/list\.jsonl: Nothing was added/)
    .waitFor();
  await page.waitForTimeout(2500);
  await strip.getByText(/list\.jsonl: Nothing was added/).waitFor();
  rmSync(join(runs, 'list.jsonl'));
  await strip.getByRole('alert').waitFor({ state: 'detached' });
  // One that is gone keeps no other from being read.
  rmSync(join(runs, 'b.jsonl'));
  await strip
    .getByRole('alert')
    .getByText(/b\.jsonl: it is not served any more/)
    .waitFor();
  appendFileSync(log, line('one', 2, 3));
  await rollouts(page, 3);
  writeFileSync(join(runs, 'b.jsonl'), line('two', 1, 3));
  await strip.getByRole('alert').waitFor({ state: 'detached' });
  await page.keyboard.press('i');
  await page.getByRole('button', { name: /^Remove .*b\.jsonl$/ }).click();
  await rollouts(page, 2);
  writeFileSync(join(runs, 'c.jsonl'), line('three', 3, 3));
  await rollouts(page, 3);
  await strip.getByText('Following 2 files').waitFor();
  const kept = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open('keyval-store');
      request.addEventListener('success', () => done(request.result));
    });
    return new Promise<string>((done) => {
      const request = database.transaction('keyval').objectStore('keyval').getAll();
      request.addEventListener('success', () => done(JSON.stringify(request.result)));
    });
  });
  expect(kept).toContain('a.jsonl');
  expect(kept).not.toContain(new URL(address).searchParams.get('view'));
  await page.close();
});

it('serves the files to nobody without the token, and to no other page', async () => {
  const log = join(folder, 'secret.jsonl');
  writeFileSync(log, line('one', 0, 3));
  const address = new URL(await startView([log]));
  const token = address.searchParams.get('view') ?? '';
  const list = new URL(`files/${token}/`, address.origin);
  const told = (await (await fetch(list)).json()) as { files: { id: string; name: string }[] };
  expect(told.files.map(({ name }) => name)).toEqual(['secret.jsonl']);
  expect(JSON.stringify(told)).not.toContain(folder);
  const file = new URL(told.files[0]?.id ?? '', list);
  expect(await (await fetch(file)).text()).toBe(readFileSync(log, 'utf8'));
  const status = async (url: URL | string, headers: Record<string, string> = {}): Promise<number> => (await fetch(url, { headers })).status;
  expect(await status(file, { Origin: 'https://attacker.example' })).toBe(403);
  expect(await status(file, { 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
  expect(await status(new URL(`/files/${'x'.repeat(token.length)}/`, address))).toBe(404);
  expect(await status(new URL(`/files/${token}/..%2f..%2fetc%2fpasswd`, address))).toBe(404);
});

it('follows a file that was picked, as its handle shows it', async () => {
  const page = await workbench.open();
  const write = (text: string): Promise<void> =>
    page.evaluate(async (whole) => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle('picked.jsonl', { create: true });
      const stream = await handle.createWritable();
      await stream.write(whole);
      await stream.close();
      Reflect.set(window, 'showOpenFilePicker', () => Promise.resolve([handle]));
    }, text);
  const first = line('one', 0, 3);
  await write(first);
  await page.getByRole('button', { name: /^(Open|Choose) files/ }).click();
  await rollouts(page, 1);
  await page.keyboard.press('i');
  await page.getByRole('button', { name: 'Follow as they grow' }).click();
  await page.getByRole('region', { name: 'Files that grow' }).waitFor();
  await write(first + line('two', 1, 3));
  await rollouts(page, 2);
  await page.getByRole('button', { name: '1 new rollout' }).waitFor();
  // No step: undo has nothing to take back.
  await page.keyboard.press('Escape');
  expect(await page.locator('dialog[open], [popover]:popover-open').count()).toBe(0);
  await page.keyboard.press('Control+z');
  await page.waitForTimeout(1000);
  await rollouts(page, 2);
  expect(await page.getByRole('button', { name: '1 new rollout' }).count()).toBe(1);
  // A restart wrote it again.
  await write(first + line('two', 1, 3) + line('two', 1, 3));
  await page.getByRole('region', { name: 'Files that grow' }).getByText('1 copy of earlier rollouts').waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
