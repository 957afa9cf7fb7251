/** `?url=` of a host that answers ranges: read by ranges and not downloaded, followed where asked, whole where it answers none. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorkbench, type Workbench } from './page.ts';

const line = (n: number): string =>
  `${JSON.stringify({
    task_id: `task-${n % 10}`,
    messages: [
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: `Answer ${n} ${`word${n} `.repeat(300)}` },
    ],
  })}\n`;
let text = Array.from({ length: 1500 }, (_, n) => line(n)).join('');
let answersRanges = true;
let packs = false;
const asked: string[] = [];
let server: Server;
let workbench: Workbench;
let address: string;

/** As an object store answers: no header but the safe ones is let through. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const bytes = Buffer.from(text);
  const allowed = { 'Access-Control-Allow-Origin': '*', 'Last-Modified': new Date(bytes.length).toUTCString() };
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  asked.push(`${request.method} ${request.headers.range ?? ''}`);
  // As proxies do: what is asked for as a whole may be compressed, a range is not.
  if (packs && request.headers.range === undefined && /gzip/.test(request.headers['accept-encoding'] ?? '')) {
    const packed = gzipSync(bytes);
    response.writeHead(200, { ...allowed, 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
    return void response.end(request.method === 'HEAD' ? undefined : packed);
  }
  if (request.method === 'HEAD') return void response.writeHead(200, { ...allowed, 'Content-Length': bytes.length }).end();
  if (!answersRanges || start === undefined) return void response.writeHead(200, { ...allowed, 'Content-Length': bytes.length }).end(bytes);
  const part = bytes.subarray(Number(start), Number(end) + 1);
  const range = `bytes ${start}-${Number(start) + part.length - 1}/${bytes.length}`;
  response.writeHead(206, { ...allowed, 'Content-Length': part.length, 'Content-Range': range }).end(part);
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep/log.jsonl`;
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  server.close();
  server.closeAllConnections();
});

const fetched = async (words: string): Promise<Page> => {
  const page = await workbench.open(`?url=${address}${words}`);
  await page
    .getByRole('dialog', { name: /^Fetch from/ })
    .getByRole('button', { name: 'Fetch', exact: true })
    .click();
  return page;
};
const rollouts = (page: Page, count: number): Promise<void> =>
  page
    .getByText(new RegExp(`\\b${count.toLocaleString('en')}\\s+rollouts?\\b`))
    .first()
    .waitFor({ timeout: 60_000 });

it('reads by ranges after the question, each byte about once, and goes on as the file grows', async () => {
  const page = await fetched('&follow');
  await rollouts(page, 1500);
  expect(asked.filter((each) => each === 'GET ')).toEqual([]);
  expect(asked.some((each) => each.startsWith('OPTIONS'))).toBe(false);
  const read = asked.reduce((sum, each) => {
    const [, start, end] = /bytes=(\d+)-(\d+)/.exec(each) ?? [];
    return start === undefined ? sum : sum + Math.min(text.length, Number(end) + 1) - Number(start);
  }, 0);
  // The first megabyte told that there are ranges, and the samples of a file that grows are read as well.
  expect(read).toBeLessThan(text.length + 3_500_000);
  text += line(1500) + line(1501);
  await rollouts(page, 1502);
  await page.getByRole('button', { name: '2 new rollouts' }).waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});

it('downloads it whole where the host answers no ranges', async () => {
  answersRanges = false;
  asked.length = 0;
  const page = await fetched('');
  await rollouts(page, 1502);
  expect(asked).toEqual(['GET bytes=0-1048575']);
  await page.context().close();
});

it.each([
  ['short', 100],
  ['long', 1500],
])('reads all of a %s file of a host that compresses what is not asked for by ranges', async (_, count) => {
  const before = text;
  [answersRanges, packs] = [true, true];
  text = Array.from({ length: count }, (__, n) => line(n)).join('');
  const page = await fetched('');
  await rollouts(page, count);
  await page.getByRole('radio', { name: 'Transcript' }).check({ force: true });
  await page
    .getByText(/Answer \d+ word/)
    .first()
    .waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
  text = before;
  packs = false;
});
