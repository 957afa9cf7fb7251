/**
 * A model by its address in the built page: size first, progress, cancel, hash, the copy in this browser, servers that
 * refuse, the hub's layout.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModelServer, type ModelServer } from './model-server.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const FIXTURES = resolve('test/fixtures');
const LOG = join(FIXTURES, 'chat/tools.jsonl');
let workbench: Workbench;
let server: ModelServer;
let closed: ModelServer;
beforeAll(async () => {
  workbench = await startWorkbench();
  server = await startModelServer(FIXTURES, { cors: true });
  closed = await startModelServer(FIXTURES, { cors: false });
});
afterAll(async () => {
  await workbench.close();
  server.close();
  closed.close();
});

/** The entropy panel of a page with a log, on wasm and with nothing starting by itself. */
async function panelOf(page: Page): Promise<Locator> {
  await page.evaluate(() => {
    localStorage.setItem('espalier-score-by-itself', 'no');
    localStorage.setItem('espalier-executor', 'wasm');
  });
  await page.reload();
  await dropFiles(page, [LOG]);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^entropy/ })
    .click();
  return page.getByRole('dialog', { name: 'Entropy' });
}

async function lookUp(panel: Locator, address: string): Promise<void> {
  await panel.getByText('an address', { exact: true }).click();
  await panel.getByRole('textbox', { name: 'Address of the model’s folder' }).fill(address);
  await panel.getByRole('button', { name: 'Look up its size' }).click();
}

/** What axe holds to be serious or worse. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(document.querySelector('dialog[open]') ?? document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
  );
}

const sha = (...parts: readonly Buffer[]): string => createHash('sha256').update(Buffer.concat(parts)).digest('hex');
const gets = (from: ModelServer): string[] => from.asked.filter((line) => line.startsWith('GET'));

describe('a model on a server that lets pages read it', () => {
  let context: BrowserContext;
  const address = (): string => `${server.address}/tiny-lm`;

  it('is told by its size, downloaded with progress, and stopped in the middle', async () => {
    const page = await workbench.open();
    context = page.context();
    const panel = await panelOf(page);
    await lookUp(panel, address());
    await panel.getByText(/^2\d\d[.\d]*\skB in 4 files$/).waitFor();
    expect(gets(server)).toEqual([]);
    server.slow = 'model.onnx';
    await panel.getByRole('button', { name: /^Download 2\d\d[.\d]*\skB and estimate$/u }).click();
    const reading = panel.getByText(/^Reading the model: [\d.]+\skB of 2\d\d[.\d]*\skB$/);
    await reading.waitFor();
    const first = await reading.innerText();
    await page.waitForFunction((was) => ![...document.querySelectorAll('output')].some((each) => each.textContent === was), first);
    expect(await reading.innerText()).not.toBe(first);
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await reading.waitFor({ state: 'detached' });
    for (let waited = 0; server.brokenOff.length === 0 && waited < 100; waited++) await page.waitForTimeout(50);
    expect(server.brokenOff).toEqual(['/tiny-lm/model.onnx']);
  });

  it('is loaded after a reload, from where it was, though the connection is cut, and named by its hash', async () => {
    const page = context.pages()[0]!;
    const panel = await panelOf(page);
    await lookUp(panel, address());
    server.slow = null;
    server.cut = { path: 'model.onnx', after: 100_000 };
    server.asked.length = 0;
    const list = panel.getByRole('region', { name: 'Models kept in this browser' });
    expect(await list.getByRole('listitem').innerText()).toMatch(/^tiny-lm\s+[\d.]+\skB, not whole yet/u);
    await panel.getByText(/^2\d\d[.\d]*\skB in 4 files, [\d.]+\skB of them kept in this browser$/u).waitFor();
    await panel.getByRole('button', { name: /^Download [\d.]+\skB and estimate$/u }).click();
    await panel.getByRole('button', { name: 'Start scoring' }).waitFor({ timeout: 60_000 });
    server.cut = null;
    // The small files are here already.
    expect(new Set(gets(server))).toEqual(new Set(['GET /tiny-lm/model.onnx']));
    const [first = 0, ...later] = server.starts;
    expect(first).toBeGreaterThanOrEqual(2000);
    expect(later).toEqual([first + 100_000, ...(first + 200_000 < 253_380 ? [first + 200_000] : [])]);
    const hash = sha(readFileSync(join(FIXTURES, 'tiny-lm/model.onnx')));
    await panel.getByText(`${hash.slice(0, 12)}…`).waitFor();
    expect(await panel.getByTitle(hash).count()).toBe(1);
    expect(await panel.getByTitle(sha(readFileSync(join(FIXTURES, 'tiny-lm/tokenizer.json')))).count()).toBe(1);
    await panel.getByText(/^2\d\d[.\d]*\skB in 4 files, 2\d\d[.\d]*\skB of them kept in this browser$/).waitFor();
  });

  it('comes from this browser the next time, without a single request', async () => {
    server.asked.length = 0;
    const page = context.pages()[0]!;
    const panel = await panelOf(page);
    await lookUp(panel, address());
    await panel.getByText(/are kept in this browser; nothing is downloaded/).waitFor();
    await panel.getByRole('button', { name: 'Load and estimate' }).click();
    await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
    await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 60_000 });
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^entropy model: tiny-lm \(fp16, wasm\)/ })
      .waitFor();
    expect(server.asked).toEqual([]);
    const list = panel.getByRole('region', { name: 'Models kept in this browser' });
    expect(await list.getByRole('listitem').innerText()).toMatch(/^tiny-lm\s+2\d\d[.\d]*\skB\s+\w{3} \d/u);
    await list.getByText(/^Room for [\d.]+\s[MGT]B more\./u).waitFor();
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 1440],
      ['dark', 390],
      ['light', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await list.evaluate((each) => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0);
      expect(await faultsOf(page), `${colorScheme}, ${width}`).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await list.getByRole('button', { name: 'Remove tiny-lm from this browser' }).click();
    await list.waitFor({ state: 'detached' });
    await panel.getByText(/^2\d\d[.\d]*\skB in 4 files$/).waitFor();
    expect(gets(server)).toEqual([]);
    expect(server.asked).toContain('HEAD /tiny-lm/model.onnx');
    await context.close();
  });
});

it('that does not fit into this browser is told so, with numbers, before it is downloaded', async () => {
  const page = await workbench.open();
  // As a browser on a full disk answers.
  await page.addInitScript(() => {
    navigator.storage.estimate = () => Promise.resolve({ quota: 100_000, usage: 40_000 });
  });
  const panel = await panelOf(page);
  await lookUp(panel, `${server.address}/tiny-lm`);
  const note = panel.getByRole('note').filter({ hasText: 'do not fit' });
  await note.waitFor();
  expect((await note.innerText()).replaceAll('\u202f', ' ')).toMatch(
    /^2\d\d[.\d]* kB do not fit: this browser gives this page 60[.\d]* kB more\. The model can be read, but no copy is kept, /,
  );
  await page.context().close();
});

describe('a model on a server that does not', () => {
  it('is refused in a sentence that says what may be wrong and what to do', async () => {
    const page = await workbench.open();
    const panel = await panelOf(page);
    await lookUp(panel, `${closed.address}/tiny-lm`);
    const alert = panel.getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.innerText()).toBe(
      `The model cannot be used: ${closed.address}/tiny-lm/ cannot be read: either no server answers there, or it ` +
        `does not let pages of other origins read it (CORS). Download the folder and choose it as files instead (Failed to fetch).`,
    );
    expect(closed.asked).toContain('HEAD /tiny-lm/config.json');
    await page.context().close();
  });
});

describe('a repository of the hub', () => {
  const ROOT = 'https://huggingface.co';
  /** As onnx-community lays its repositories out. */
  const FILES: Readonly<Record<string, string>> = {
    'README.md': 'tiny-gqa/config.json',
    'config.json': 'tiny-gqa/config.json',
    'tokenizer.json': 'tiny-gqa/tokenizer.json',
    'tokenizer_config.json': 'tiny-gqa/tokenizer_config.json',
    'onnx/model_fp16.onnx': 'tiny-gqa/model_fp16.onnx',
    'onnx/model_q4.onnx': 'tiny-gqa/model_q4.onnx',
    'onnx/model_q4.onnx_data': 'tiny-gqa/model_q4.onnx_data',
  };
  const bytesOf = (path: string): Buffer => readFileSync(join(FIXTURES, FILES[path] ?? ''));

  it('is given by its page, and the chosen weights are downloaded and no others', async () => {
    const page = await workbench.open();
    const asked: string[] = [];
    await page.context().route(`${ROOT}/**`, async (route) => {
      const url = new URL(route.request().url());
      asked.push(`${route.request().method()} ${url.pathname}`);
      const headers = { 'access-control-allow-origin': '*' };
      const path = url.pathname.replace('/onnx-community/tiny-gqa/resolve/main/', '');
      if (url.pathname === '/api/models/onnx-community/tiny-gqa/tree/main' && url.search === '?recursive=true') {
        const files = Object.keys(FILES).map((name) => ({ type: 'file', path: name, size: bytesOf(name).length }));
        await route.fulfill({ headers, json: [{ type: 'directory', path: 'onnx', size: 0 }, ...files] });
      } else if (FILES[path] !== undefined) await route.fulfill({ headers, body: bytesOf(path) });
      else await route.fulfill({ status: 404, headers, body: 'no such file' });
    });
    const panel = await panelOf(page);
    await lookUp(panel, `${ROOT}/onnx-community/tiny-gqa`);
    await panel.getByText(/in 4 files$/).waitFor();
    await panel.getByLabel('Which weights').selectOption('q4');
    await panel.getByText(/in 5 files$/).waitFor();
    await panel.getByRole('button', { name: /^Download .* and estimate$/ }).click();
    await panel.getByRole('button', { name: 'Start scoring' }).waitFor({ timeout: 60_000 });
    expect(await panel.getByTitle(sha(bytesOf('onnx/model_q4.onnx'), bytesOf('onnx/model_q4.onnx_data'))).count()).toBe(1);
    expect(asked.filter((line) => line.includes('/resolve/')).toSorted()).toEqual(
      ['config.json', 'onnx/model_q4.onnx', 'onnx/model_q4.onnx_data', 'tokenizer.json', 'tokenizer_config.json'].map(
        (path) => `GET /onnx-community/tiny-gqa/resolve/main/${path}`,
      ),
    );
    expect(asked).toContain('GET /api/models/onnx-community/tiny-gqa/tree/main');
    await page.context().close();
  });
});

it('threw nothing', () => {
  expect(workbench.errors.filter((text) => !/Failed to load resource|CORS policy/.test(text))).toEqual([]);
});
