/** `hf://` against a stand-in for the hub: its listing in pages, its redirects to another host, its rules for other origins, its tokens. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startWorkbench, type Workbench } from './page.ts';

const SHA = 'a'.repeat(40);
const TOKEN = 'hf_secret';
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
let isPrivate = false;
const asked: string[] = [];
const servers: Server[] = [];
let hub: string;
let cdn: string;
let workbench: Workbench;

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As huggingface.co answers: the page's origin may read, and see these headers. */
function answerHub(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', hub);
  const path = decodeURIComponent(url.pathname);
  asked.push(`hub ${request.method} ${path}`);
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Expose-Headers', 'X-Repo-Commit,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag');
  if (request.method === 'OPTIONS')
    return void response
      .writeHead(200, { 'Access-Control-Allow-Headers': 'authorization,range', 'Access-Control-Allow-Methods': 'GET, HEAD' })
      .end();
  if (isPrivate && request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
  const send = (value: unknown, headers: Record<string, string> = {}): void =>
    void response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
  if (['main', SHA].some((revision) => path === `/api/datasets/org/logs/revision/${revision}`)) return send({ sha: SHA });
  const [, folder] = /^\/api\/datasets\/org\/logs\/tree\/a{40}(?:\/(.*))?$/.exec(path) ?? [null, undefined];
  if (path.startsWith('/api/datasets/org/logs/tree/')) {
    const isDeep = url.searchParams.get('recursive') === 'true';
    const inside = Object.keys(FILES).filter((name) => folder === undefined || name.startsWith(`${folder}/`));
    if (inside.length === 0) return void response.writeHead(404).end();
    const entries = inside
      .filter((name) => isDeep || !name.slice((folder?.length ?? -1) + 1).includes('/'))
      .map((name) => ({ type: 'file', path: name, size: FILES[name]?.length, oid: 'x', lfs: { size: FILES[name]?.length } }));
    // Two a page.
    const at = Number(url.searchParams.get('cursor') ?? '0');
    const more = at + 2 < entries.length;
    url.searchParams.set('cursor', String(at + 2));
    return send(entries.slice(at, at + 2), more ? { Link: `<${url.href}>; rel="next"` } : {});
  }
  const [, file] = /^\/datasets\/org\/logs\/resolve\/a{40}\/(.*)$/.exec(path) ?? [];
  if (file === undefined || FILES[file] === undefined) return void response.writeHead(404).end();
  response.writeHead(302, { Location: `${cdn}/blob/${encodeURIComponent(file)}?signature=1` }).end();
}

function answerCdn(request: IncomingMessage, response: ServerResponse): void {
  const name = decodeURIComponent(new URL(request.url ?? '/', cdn).pathname.slice('/blob/'.length));
  const bytes = Buffer.from(FILES[name] ?? '');
  asked.push(`cdn ${request.method} ${name} ${request.headers.authorization ?? ''}`.trimEnd());
  const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Content-Range,ETag', ETag: '"cdn"' };
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (request.method === 'OPTIONS') return void response.writeHead(200, { ...headers, 'Access-Control-Allow-Headers': '*' }).end();
  if (start === undefined) return void response.writeHead(200, { ...headers, 'Content-Length': bytes.length }).end(bytes);
  const part = bytes.subarray(Number(start), Number(end) + 1);
  response
    .writeHead(206, {
      ...headers,
      'Content-Range': `bytes ${start}-${Number(start) + part.length - 1}/${bytes.length}`,
      'Content-Length': part.length,
    })
    .end(part);
}

beforeAll(async () => {
  hub = await listen(answerHub);
  cdn = await listen(answerCdn);
  workbench = await startWorkbench();
});
beforeEach(() => {
  asked.length = 0;
  isPrivate = false;
});
afterAll(async () => {
  await workbench.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
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
  isPrivate = true;
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
