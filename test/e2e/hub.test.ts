/** `hf://` against a stand-in for the hub: its listing in pages, its redirects to another host, its rules for other origins, its tokens. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { espalier, startEspalier } from '../helpers/espalier.ts';
import { SHA, startHub, TOKEN, type HubServer } from '../helpers/hubServer.ts';
import { startWorkbench, type Workbench } from './page.ts';

const line = (n: number): string =>
  `${JSON.stringify({
    task_id: `task-${n % 5}`,
    messages: [
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: `Answer ${n} ${'word '.repeat(100)}` },
    ],
  })}\n`;
const FILES: Readonly<Record<string, string>> = {
  '.gitattributes': 'x',
  'README.md': '# Logs',
  'runs/a.jsonl': Array.from({ length: 20 }, (_, n) => line(n)).join(''),
  'runs/b.jsonl': Array.from({ length: 30 }, (_, n) => line(n + 20)).join(''),
  'other/c.jsonl': line(90),
  'about/README.md': '# About',
};
let server: HubServer;
let hub: string;
let asked: string[];
let workbench: Workbench;

beforeAll(async () => {
  server = await startHub(FILES);
  ({ hub, asked } = server);
  workbench = await startWorkbench();
});
beforeEach(() => {
  asked.length = 0;
  server.ways.isPrivate = false;
});
afterAll(async () => {
  await workbench.close();
  server.close();
});

async function open(address: string): Promise<Page> {
  const page = await workbench.open(`?hub=${hub}&url=${address}`);
  const dialog = page.getByRole('dialog', { name: /^Fetch from/ });
  await dialog.getByText(address).waitFor();
  expect(await dialog.innerText()).toContain(new URL(hub).host);
  expect(asked).toEqual([]);
  await dialog.getByRole('button', { name: 'Fetch', exact: true }).click();
  return page;
}
const rollouts = (page: Page, count: number): Promise<void> =>
  page
    .getByText(new RegExp(`\\b${count}\\s+rollouts?\\b`))
    .first()
    .waitFor({ timeout: 60_000 });

it('opens a whole data set, page after page of its listing, pinned to a commit, through redirects', async () => {
  const page = await open('hf://datasets/org/logs');
  await rollouts(page, 51);
  expect(asked.filter((each) => each.includes('/tree/'))).toHaveLength(3);
  expect(asked.filter((each) => each.startsWith('cdn GET')).map((each) => each.split(' ')[2])).not.toContain('README.md');
  await page.keyboard.press('5');
  await page
    .getByText(/Answer \d+ word/)
    .first()
    .waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});

it('opens a folder, and a single file', async () => {
  const folder = await open('hf://datasets/org/logs/runs');
  await rollouts(folder, 50);
  await folder.context().close();
  asked.length = 0;
  const file = await open('hf://datasets/org/logs/other/c.jsonl');
  await rollouts(file, 1);
  await file.context().close();
});

it('reads back what a commit names, which does not change', async () => {
  const page = await open(`hf://datasets/org/logs@${SHA}/runs`);
  await rollouts(page, 50);
  await page.keyboard.press('5');
  await page
    .getByText(/Answer \d+ word/)
    .first()
    .waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});

it('is shown by `espalier view` of its address, which asks first', async () => {
  const { child, ended } = startEspalier(['view', 'hf://datasets/org/logs/runs', '--port', '0', '--no-open'], { HF_ENDPOINT: hub });
  const said = await new Promise<string>((done) => child.stdout?.on('data', (text: Buffer) => done(text.toString())));
  child.kill();
  await ended;
  expect(said).toMatch(/Espalier is at http:\/\/127\.0\.0\.1:\d+\/\?url=hf%3A%2F%2Fdatasets%2Forg%2Flogs%2Fruns&hub=http%3A%2F%2F127/);
  expect(asked).toEqual([]);
  expect(espalier(['view', 'hf://datasets/org/logs', 'other.jsonl'])).toMatchObject({ status: 2 });
});

it.each([
  ['hf://datasets/org/logs@gone', /Expected the commit that gone of org\/logs is, found status 404/],
  ['hf://datasets/org/logs/about', /found none: 1 left out, such as about\/README\.md/],
])('says why nothing of %s is opened', async (address, sentence) => {
  const page = await open(address);
  await page.getByRole('alert').getByText(sentence).waitFor();
  expect(await page.getByLabel(/Access token/).count()).toBe(0);
  await page.context().close();
});

it('asks for a token where the hub shows nothing, sends it to the hub alone and keeps it nowhere', async () => {
  server.ways.isPrivate = true;
  const page = await open('hf://datasets/org/logs/runs');
  await page
    .getByRole('alert')
    .getByText(/private, gated, or not there/)
    .waitFor();
  await page.getByLabel(/Access token/).fill(TOKEN);
  await page.getByRole('button', { name: 'Try with it' }).click();
  await rollouts(page, 50);
  expect(asked.filter((each) => each.includes(TOKEN))).toEqual([]);
  const kept = await page.evaluate(async () => {
    const stored = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done) => {
        const request = indexedDB.open(name ?? '');
        request.addEventListener('success', () => done(request.result));
      });
      for (const store of database.objectStoreNames)
        stored.push(
          await new Promise<string>((done) => {
            const request = database.transaction(store).objectStore(store).getAll();
            request.addEventListener('success', () => done(JSON.stringify(request.result)));
          }),
        );
    }
    return stored.join('\n');
  });
  expect(kept).toContain('hf://datasets/org/logs/runs');
  expect(kept).not.toContain(TOKEN);
  await page.context().close();
});
