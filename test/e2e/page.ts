/** The built page in a real Chromium, driven from outside; nothing in it is replaced. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serve, type ServeOptions } from '../../src/platform/node/serve.ts';
import { CHROMIUM_FLAGS, WITH_GPU } from '../helpers/chromiumFlags.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

interface OpenSettings {
  /** False: as for a person who has unticked it, so that a log without entropy stays without. */
  readonly scoresByItself?: boolean;
  /** False: as for a person who wants every drop to take the place of what is open, without a question. */
  readonly asks?: boolean;
  /** Without it no page keeps files of its own for times without a network. */
  readonly serviceWorkers?: 'allow' | 'block';
}

export interface Workbench {
  readonly browser: Browser;
  readonly address: string;
  /** Addresses outside localhost that any page asked for: must stay empty. */
  readonly outside: string[];
  /** Uncaught errors and console errors of all pages. */
  readonly errors: string[];
  open(search?: string, settings?: OpenSettings): Promise<Page>;
  close(): Promise<void>;
}

export async function startWorkbench({ gpu = true, ...options }: ServeOptions & { readonly gpu?: boolean } = {}): Promise<Workbench> {
  const { server, address } = await serve(resolve('dist'), 0, options);
  const executablePath = process.env['ESPALIER_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));
  const browser = await chromium.launch({
    args: gpu ? [...CHROMIUM_FLAGS, WITH_GPU] : CHROMIUM_FLAGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  const outside: string[] = [];
  const errors: string[] = [];
  return {
    browser,
    address,
    outside,
    errors,
    async open(search = '', { scoresByItself = true, asks = false, serviceWorkers = 'block' } = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true, serviceWorkers });
      if (!scoresByItself) await context.addInitScript(() => localStorage.setItem('espalier-score-by-itself', 'no'));
      if (!asks) await context.addInitScript(() => localStorage.setItem('espalier-incoming', 'replace'));
      const page = await context.newPage();
      page.on('request', (request) => {
        if (!request.url().startsWith(new URL(address).origin) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(address + search);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Drops files on the window as a person does: on a page that is seen, a drag over it, then the drop. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  await page.locator('#root > *').first().waitFor();
  const files = paths.map((path) => ({ name: basename(path), base64: readFileSync(path, 'base64') }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, base64 } of list) data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
    return data;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer });
}

/** Downloads of the export dialog by file name. */
export async function exportFiles(page: Page): Promise<Map<string, string>> {
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('tokens.jsonl', { exact: false }).first().waitFor();
  const downloads: Promise<[string, string]>[] = [];
  page.on('download', (download) => {
    downloads.push(download.path().then((path) => [download.suggestedFilename(), readFileSync(path, 'utf8')]));
  });
  await dialog.getByRole('button', { name: /^Download/ }).click();
  await dialog.getByRole('status', { name: 'Written' }).waitFor();
  const wanted = await dialog.getByRole('status', { name: 'Written' }).locator('div').count();
  for (let waited = 0; downloads.length < wanted && waited < 100; waited++) await page.waitForTimeout(100);
  return new Map(await Promise.all(downloads));
}
