/** Faults around the built page in a real Chromium: storage, files, tabs, reloads and crashes; only the pickers are stood in for. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proven } from '../helpers/proven.ts';
import { exportFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-e2e-'));
let workbench: Workbench;
let context: BrowserContext;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterEach(() => context.close());
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (id: string, text: string): string => {
  const messages = [
    { role: 'user', content: `Water the ${text}.` },
    { role: 'assistant', content: `The ${text} are wet.` },
  ];
  return `${JSON.stringify({ id, task: text, messages })}\n`;
};
const FEW = record('a', 'beds') + record('b', 'beds');
const OTHERS = record('c', 'trees') + record('d', 'trees') + record('e', 'trees');

/**
 * A page whose pickers hand out what is in the origin's own file system, as handles of a disk are: `log` for files, `out` for a
 * folder. Nothing is scored unasked.
 */
async function makeContext(): Promise<BrowserContext> {
  context = await workbench.browser.newContext({ acceptDownloads: true });
  await context.addInitScript(() => {
    const root = (): Promise<FileSystemDirectoryHandle> => navigator.storage.getDirectory();
    const name = (): string => sessionStorage.getItem('test-log') ?? 'log.jsonl';
    Object.assign(window, {
      showOpenFilePicker: async () => [await (await root()).getFileHandle(name())],
      showDirectoryPicker: async () => (await root()).getDirectoryHandle('out', { create: true }),
    });
    try {
      localStorage.setItem('espalier-score-by-itself', 'no');
    } catch {
      // It is full.
    }
  });
  return context;
}

async function newPage(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(workbench.address);
  await page.getByText('Nothing leaves this tab').waitFor();
  return page;
}

/** Puts a log where the picker finds it. @param times it stands there so often */
const put = (page: Page, name: string, text: string, times = 1): Promise<void> =>
  page.evaluate(
    async ([called, content, count]) => {
      sessionStorage.setItem('test-log', called);
      await (await navigator.storage.getDirectory()).getDirectoryHandle('out', { create: true });
      const handle = await (await navigator.storage.getDirectory()).getFileHandle(called, { create: true });
      const stream = await handle.createWritable();
      await stream.write(new Blob(Array.from({ length: count }, () => content)));
      await stream.close();
    },
    [name, text, times] as const,
  );

const pick = (page: Page): Promise<void> => page.getByRole('button', { name: 'Open files…' }).click();
const opened = (page: Page, rollouts: string): Promise<void> => page.getByText(rollouts).first().waitFor({ timeout: 90_000 });
const NOT_KEPT = /This browser keeps nothing of the session: its storage is full or blocked/;

/** What lies in the folder that exports go to: name and size. */
const inFolder = (page: Page): Promise<[string, number][]> =>
  page.evaluate(async () => {
    const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out', { create: true });
    const found: [string, number][] = [];
    for await (const handle of out.values())
      found.push([handle.name, handle.kind === 'file' ? (await (handle as FileSystemFileHandle).getFile()).size : -1]);
    return found.toSorted(([a], [b]) => (a < b ? -1 : 1));
  });

async function saveToFolder(page: Page): Promise<ReturnType<Page['getByRole']>> {
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('tokens.jsonl', { exact: false }).first().waitFor();
  await dialog.getByRole('button', { name: 'Save to a folder…' }).click();
  return dialog;
}

async function setQuota(page: Page, quotaSize?: number): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const origin = new URL(workbench.address).origin;
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) });
}

describe('storage', () => {
  it('that is full keeps no session, says so, and everything else goes on', async ({ task }) => {
    await makeContext();
    const page = await newPage();
    await put(page, 'log.jsonl', FEW);
    await setQuota(page, 1);
    await pick(page);
    await opened(page, '2 rollouts');
    await page.getByText(NOT_KEPT).waitFor();
    // Into a folder that has no room: nothing of the export is there, and the sentence says so.
    const dialog = await saveToFolder(page);
    await dialog.getByText(/The export failed: the folder out cannot be written to .*; no file was written/).waitFor();
    expect(await inFolder(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // As downloads it is all there.
    const files = await exportFiles(page);
    expect([...files.keys()].toSorted()).toEqual(['forest.jsonl', 'manifest.json', 'messages.jsonl', 'tokens.jsonl']);
    // Once there is room, another try writes all.
    await setQuota(page);
    await page.keyboard.press('Escape');
    await (await saveToFolder(page)).getByRole('status', { name: 'Written' }).waitFor();
    expect(new Map(await inFolder(page))).toEqual(new Map([...files].map(([name, text]) => [name, Buffer.byteLength(text)])));
    proven(task, {
      part: 'Faults',
      fault: 'The quota of storage is used up: a log is opened and exported',
      happened: `2 rollouts; a line says that nothing is kept; 0 files in the folder, ${files.size} as downloads; with room all are there`,
    });
  });

  it('that never answers does not hold up opening', async ({ task }) => {
    await makeContext();
    await context.addInitScript(() => {
      // As of a profile that is broken: a request that is neither granted nor refused.
      indexedDB.open = () => new EventTarget() as IDBOpenDBRequest;
    });
    const page = await newPage();
    await put(page, 'log.jsonl', FEW);
    await pick(page);
    await opened(page, '2 rollouts');
    await page.getByText(NOT_KEPT).waitFor();
    await (await saveToFolder(page)).getByRole('status', { name: 'Written' }).waitFor();
    proven(task, {
      part: 'Faults',
      fault: 'IndexedDB never answers',
      happened: '2 rollouts; a line says that nothing is kept; 4 files written',
    });
  });
});

describe('a file', () => {
  it('that has changed on disk since it was opened ends an export with a sentence, and another try is possible', async ({ task }) => {
    await makeContext();
    await context.addInitScript(() => {
      // A browser whose picker leaves no handles: the file is on the disk of this machine.
      Reflect.deleteProperty(window, 'showOpenFilePicker');
      Reflect.deleteProperty(window, 'showDirectoryPicker');
    });
    const path = join(folder, 'log.jsonl');
    writeFileSync(path, FEW);
    const page = await newPage();
    const chooser = page.waitForEvent('filechooser');
    await pick(page);
    await (await chooser).setFiles(path);
    await opened(page, '2 rollouts');
    renameSync(path, `${path}.away`);
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    await page
      .getByRole('button', { name: /^Export/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Download/ }).click();
    await dialog.getByText(/The export failed: .*changed|The export failed: .*cannot be read/).waitFor();
    expect(downloads).toEqual([]);
    renameSync(`${path}.away`, path);
    await page.keyboard.press('Escape');
    expect((await exportFiles(page)).size).toBe(4);
    proven(task, {
      part: 'Faults',
      fault: 'An open file is removed from the disk before the export',
      happened: 'a sentence, 0 downloads; once it is back, 4 files',
    });
  });

  it('that is gone before it is read is told, and read again once it is back', async () => {
    await makeContext();
    const page = await newPage();
    await put(page, 'log.jsonl', FEW);
    await pick(page);
    await opened(page, '2 rollouts');
    await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('log.jsonl'));
    await page.reload();
    await page
      .getByRole('alert')
      .getByText(/The files could not be read: /)
      .waitFor();
    await page.getByText('Last time:').waitFor();
    await put(page, 'log.jsonl', FEW);
    await page.getByRole('button', { name: 'Open again' }).click();
    await opened(page, '2 rollouts');
  });
});

it('two tabs keep a session each, and a third is offered the newest', async ({ task }) => {
  await makeContext();
  const [one, two] = [await newPage(), await newPage()];
  await put(one, 'one.jsonl', FEW);
  await put(two, 'two.jsonl', OTHERS);
  for (const page of [one, two]) await pick(page);
  await opened(one, '2 rollouts');
  await opened(two, '3 rollouts');
  await one.evaluate(() => (location.hash = '#cut=0.3'));
  await two.evaluate(() => (location.hash = '#cut=0.7'));
  for (const page of [one, two, one]) {
    await page.reload();
    await opened(page, page === one ? '2 rollouts' : '3 rollouts');
  }
  expect([await one.evaluate(() => location.hash), await two.evaluate(() => location.hash)]).toEqual([
    expect.stringContaining('cut=0.3'),
    expect.stringContaining('cut=0.7'),
  ]);
  const third = await newPage();
  await third.getByText(/Last time:\s*(one|two)\.jsonl/).waitFor();
  // One whole session, never the files of one with the settings of the other.
  const name = (await third.getByText(/Last time:/).innerText()).includes('one') ? 'one' : 'two';
  await third.getByRole('button', { name: 'Open again' }).click();
  await opened(third, name === 'one' ? '2 rollouts' : '3 rollouts');
  await third.waitForFunction((wanted) => location.hash.includes(wanted), name === 'one' ? 'cut=0.3' : 'cut=0.7');
  proven(task, {
    part: 'Faults',
    fault: 'Two tabs are open on one origin, with other files and settings',
    happened: 'after reloads each has its own; a third tab is offered the newest, files and settings of one',
  });
});

describe('in mid-open', () => {
  const open = async (): Promise<Page> => {
    await makeContext();
    const page = await newPage();
    await put(page, 'log.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'), 40);
    await pick(page);
    await page.getByText(/rollouts used/).waitFor({ timeout: 90_000 });
    return page;
  };
  const offered = async (page: Page): Promise<void> => {
    await page.getByText('Reading was broken off before its end.').waitFor();
    await put(page, 'log.jsonl', FEW);
    await page.getByRole('button', { name: 'Open again' }).click();
    await opened(page, '2 rollouts');
  };

  it('a reload offers the files, and does not begin again by itself', async ({ task }) => {
    const page = await open();
    await page.reload();
    await offered(page);
    // Read to the end, they come back by themselves.
    await page.reload();
    await opened(page, '2 rollouts');
    proven(task, {
      part: 'Faults',
      fault: 'The page is reloaded in mid-open',
      happened: 'the files are offered and said to be read in part; opened again, 2 rollouts; the next reload brings them back unasked',
    });
  });

  it('a crash of the tab leaves as much to the next one', async ({ task }) => {
    const page = await open();
    const crashed = page.waitForEvent('crash');
    void page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await offered(await newPage());
    proven(task, {
      part: 'Faults',
      fault: 'The tab crashes in mid-open',
      happened: 'a new tab offers the files and says that they were read in part; opened again, 2 rollouts',
    });
  });
});
