/** The files that are shared with the page: ranges of them as HTTP says, and nothing else of this machine. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openerOf } from '../../../../src/platform/node/open-browser.ts';
import { isEmbedder } from '../../../../src/platform/node/page-headers.ts';
import { serve } from '../../../../src/platform/node/serve.ts';
import { shareFiles } from '../../../../src/platform/node/shared-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-shared-'));
const LOG = join(folder, 'log.jsonl');
let served: Awaited<ReturnType<typeof serve>>;
let list: string;
const shared = shareFiles(() => [{ name: 'runs/log.jsonl', path: LOG }], false);
beforeAll(async () => {
  writeFileSync(LOG, '0123456789');
  writeFileSync(join(folder, 'index.html'), 'page');
  served = await serve(folder, 0, { shared, embedders: ['http://localhost:*'] });
  list = `${served.address}files/${shared.token}/`;
});
afterAll(() => {
  served.server.close();
  served.server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const fileAddress = async (): Promise<string> => {
  const { files } = (await (await fetch(list)).json()) as { files: { id: string }[] };
  return list + (files[0]?.id ?? '');
};
const ask = async (headers: Record<string, string>, method = 'GET') => {
  const answer = await fetch(await fileAddress(), { headers, method });
  return { status: answer.status, range: answer.headers.get('content-range'), text: await answer.text(), tag: answer.headers.get('etag') };
};

it.each([
  ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
  ['bytes=7-', 206, 'bytes 7-9/10', '789'],
  ['bytes=-3', 206, 'bytes 7-9/10', '789'],
  ['bytes=0-99', 206, 'bytes 0-9/10', '0123456789'],
  ['bytes=10-', 416, 'bytes */10', ''],
  ['bytes=-0', 416, 'bytes */10', ''],
  ['bytes=4-2', 200, null, '0123456789'],
  ['bytes=0-1,4-5', 200, null, '0123456789'],
  ['bytes=', 200, null, '0123456789'],
  ['lines=1-2', 200, null, '0123456789'],
])('answers %s with %i', async (header, status, range, text) => {
  expect(await ask({ Range: header })).toMatchObject({ status, range, text });
});

it('tells versions by their tag', async () => {
  const { tag } = await ask({});
  expect(await ask({ Range: 'bytes=0-1', 'If-Range': tag ?? '' })).toMatchObject({ status: 206, text: '01' });
  expect(await ask({ Range: 'bytes=0-1', 'If-Range': '"other"' })).toMatchObject({ status: 200, text: '0123456789' });
  expect(await ask({ 'If-None-Match': tag ?? '' })).toMatchObject({ status: 304, text: '' });
  expect(await ask({ 'If-Match': '"other"' })).toMatchObject({ status: 412 });
  expect(await ask({}, 'HEAD')).toMatchObject({ status: 200, text: '', tag });
  utimesSync(LOG, 1, 1);
  expect((await ask({})).tag).not.toBe(tag);
});

it('names no path, and answers for nothing but its files', async () => {
  const told = await (await fetch(list)).text();
  expect(JSON.parse(told)).toMatchObject({ follow: false, files: [{ name: 'runs/log.jsonl', size: 10 }] });
  expect(told).not.toContain(folder);
  for (const rest of ['log.jsonl', 'runs/log.jsonl', '%2e%2e/index.html', '..%2f..%2fetc%2fpasswd', encodeURIComponent(LOG), 'x/y'])
    expect([rest, (await fetch(list + rest)).status]).toEqual([rest, 404]);
  expect((await fetch(`${served.address}files/`)).status).toBe(404);
  expect((await fetch(`${served.address}files/none/`)).status).toBe(404);
});

it('takes new files in where files are followed, and keeps what each was called', async () => {
  const growing = join(folder, 'growing');
  const find = () =>
    readdirSync(folder)
      .filter((name) => name.startsWith('growing'))
      .map((name) => ({ name, path: join(folder, name) }));
  writeFileSync(`${growing}-a`, 'a');
  const followed = shareFiles(find, true);
  const other = await serve(folder, 0, { shared: followed });
  const names = async (): Promise<Record<string, string>> => {
    const { files } = (await (await fetch(`${other.address}files/${followed.token}/`)).json()) as { files: { id: string; name: string }[] };
    return Object.fromEntries(files.map(({ id, name }) => [name, id]));
  };
  const before = await names();
  writeFileSync(`${growing}-b`, 'b');
  await expect.poll(async () => Object.keys(await names()), { timeout: 5000 }).toEqual(['growing-a', 'growing-b']);
  expect((await names())['growing-a']).toBe(before['growing-a']);
  other.server.close();
  other.server.closeAllConnections();
});

it('is shown in no other page but those that were named', async () => {
  const page = await fetch(served.address);
  expect(page.headers.get('content-security-policy')).toMatch(/frame-ancestors http:\/\/localhost:\*$/);
  expect(page.headers.get('x-frame-options')).toBeNull();
  for (const good of ['http://localhost:*', 'https://hub.example:8443', 'vscode-webview:', 'https://*.example.org'])
    expect(isEmbedder(good)).toBe(true);
  for (const bad of ['*', 'localhost', "'self'; script-src *", 'https://a b', 'https://x/path', '']) expect(isEmbedder(bad)).toBe(false);
});

it('opens a browser only where somebody would see it', () => {
  expect(openerOf('linux', {})).toBeNull();
  expect(openerOf('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(openerOf('darwin', {})).toEqual(['open']);
  expect(openerOf('darwin', { BROWSER: 'none' })).toBeNull();
});
