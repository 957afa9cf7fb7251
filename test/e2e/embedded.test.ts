/** The workbench inside another page, as in a notebook: it answers, takes logs that are sent, and asks where it does not know the page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorkbench, type Workbench } from './page.ts';

/** This machine too, by a name that nobody trusts by itself. */
let strange: string;
let server: Server;
let notebook: string;
let workbench: Workbench;

const LOG = Array.from(
  { length: 3 },
  (_, n) =>
    `${JSON.stringify({
      task_id: `t${n}`,
      messages: [
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content: `Done ${n}.` },
      ],
    })}\n`,
).join('');

/** A cell's output: a frame that is asked until it answers, then sent a log. */
const host = (address: string): string => `<!doctype html><title>notebook</title><h1>Cell 1</h1>
<iframe title="espalier" src="${address}?mode=embedded" style="width: 1200px; height: 700px"></iframe>
<script>
  const frame = document.querySelector('iframe');
  window.told = [];
  const timer = setInterval(() => frame.contentWindow.postMessage('PING', '*'), 100);
  addEventListener('message', ({ data }) => {
    window.told.push(data);
    if (data !== 'PONG') return;
    clearInterval(timer);
    if (window.sent) return;
    window.sent = true;
    const content = new TextEncoder().encode(${JSON.stringify(LOG)});
    frame.contentWindow.postMessage({ espalier: { files: [{ name: 'cell.jsonl', content }] } }, '*');
  });
</script>`;

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(host(workbench.address)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  notebook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  strange = notebook.replace('127.0.0.1', 'notebook.localhost');
  workbench = await startWorkbench({ embedders: ['http://127.0.0.1:*', 'http://notebook.localhost:*'] });
});
afterAll(async () => {
  await workbench.close();
  server.close();
  server.closeAllConnections();
});

async function openHost(address: string): Promise<{ page: Page; frame: FrameLocator }> {
  const context = await workbench.browser.newContext({ viewport: { width: 1300, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  return { page, frame: page.frameLocator('iframe') };
}
const told = (page: Page): Promise<unknown[]> => page.evaluate(() => Reflect.get(window, 'told') as unknown[]);

it('takes a log from a notebook of this machine, and tells it so', async () => {
  const { page, frame } = await openHost(notebook);
  await frame
    .getByText(/\b3\s+rollouts\b/)
    .first()
    .waitFor({ timeout: 60_000 });
  await expect.poll(() => told(page)).toContainEqual({ espalier: { opened: true, problem: '' } });
  expect(await told(page)).toContain('PONG');
  await page.context().close();
});

it('asks before it takes one from a page that it does not know, and remembers what is answered', async () => {
  const { page, frame } = await openHost(strange);
  const dialog = frame.getByRole('dialog', { name: /^Open what notebook\.localhost:\d+ sent\?$/ });
  await dialog.getByText('cell.jsonl').waitFor();
  await frame.getByText('Waiting for a log from the page around this one.').waitFor();
  await dialog.getByRole('button', { name: 'Do not open' }).click();
  await expect.poll(() => told(page)).toContainEqual({ espalier: { opened: false, problem: 'the person did not open them' } });
  await page.evaluate(() => {
    document.querySelector('iframe')!.contentWindow!.postMessage({ espalier: { files: [{ name: 1 }] } }, '*');
  });
  await expect.poll(async () => JSON.stringify(await told(page))).toContain('expected {espalier: {files');
  await page.reload();
  await dialog.getByLabel('Always, from this page').check();
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await frame
    .getByText(/\b3\s+rollouts\b/)
    .first()
    .waitFor();
  // Where the browser keeps nothing for a page inside another, the answer holds until it is left.
  await page.evaluate(
    (content) => {
      document.querySelector('iframe')!.contentWindow!.postMessage({ espalier: { files: [{ name: 'next.jsonl', content }] } }, '*');
    },
    LOG.replaceAll('"t', '"u'),
  );
  await frame.getByRole('dialog', { name: 'Add to what is open, or replace it?' }).waitFor();
  await expect.poll(async () => JSON.stringify(await told(page))).toContain('"opened":false,"problem":"the person is asked whether');
  await page.context().close();
});

it('says that nothing was opened where there was no log, and answers a page without an origin', async () => {
  const { page, frame } = await openHost(notebook);
  await frame
    .getByText(/\b3\s+rollouts\b/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.evaluate(() => {
    const files = [{ name: 'scores.bin', content: 'none' }];
    document.querySelector('iframe')!.contentWindow!.postMessage({ espalier: { files } }, '*');
  });
  await expect.poll(async () => JSON.stringify(await told(page))).toContain('"opened":false,"problem":');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.evaluate((content) => {
    const script = `parent.postMessage({ from: location.protocol }, '*');
      addEventListener('message', ({ data }) => parent.postMessage({ heard: data }, '*'));
      const send = (data) => parent.frames[0].postMessage(data, '*');
      send('PING');
      send({ espalier: { files: [{ name: 'cell.jsonl', content: ${JSON.stringify(content)} }] } });`;
    const inner = document.createElement('iframe');
    inner.sandbox.add('allow-scripts');
    inner.srcdoc = `<script>${script}</script>`;
    document.body.append(inner);
  }, LOG);
  await expect.poll(async () => JSON.stringify(await told(page))).toContain('{"heard":"PONG"}');
  await expect
    .poll(async () => JSON.stringify(await told(page)))
    .toContain('{"heard":{"espalier":{"opened":false,"problem":"expected files of an http or https page, found the origin null"}}}');
  expect(errors).toEqual([]);
  await page.context().close();
});
