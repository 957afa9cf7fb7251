/** The built page without a network, and beside a newer version of itself. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { serve } from '../../src/platform/node/serve.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const LOG = 'public/samples/orchard-chat.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-offline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

const keptFiles = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => url.slice(location.origin.length));
  });

const whenKept = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated') await new Promise((resolve) => active?.addEventListener('statechange', resolve));
  });
};

describe('without a network', () => {
  it('the page opens a log, prunes it and keeps no byte of it', async () => {
    workbench = await startWorkbench();
    const page = await workbench.open('', { serviceWorkers: 'allow', scoresByItself: false });
    await whenKept(page);
    await page.context().setOffline(true);
    await page.reload();
    await dropFiles(page, [LOG]);
    await page.getByText('128 rollouts').first().waitFor();
    await page
      .getByRole('slider', { name: /Budget/ })
      .first()
      .focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => new URL(page.url()).hash).toContain('cut=');
    const kept = await keptFiles(page);
    expect(kept).toContain('/');
    expect(kept.some((path) => /session\.worker/.test(path))).toBe(true);
    expect(kept.filter((path) => path !== '/' && !/^\/(assets\/|icon\.svg$|manifest\.webmanifest$)/.test(path))).toEqual([]);
    expect(workbench.errors.filter((message) => !message.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });

  it('keeps the sample once it was opened, and answers what is not its own from the network alone', async () => {
    workbench = await startWorkbench();
    const page = await workbench.open('', { serviceWorkers: 'allow', scoresByItself: false });
    await whenKept(page);
    await page.reload();
    const bytes = (path: string): Promise<number> =>
      page.evaluate(async (address) => (await (await fetch(address)).arrayBuffer()).byteLength, path);
    const size = readFileSync(LOG).byteLength;
    expect(await bytes('samples/orchard-chat.jsonl')).toBe(size);
    expect(await bytes('sbom.cdx.json')).toBeGreaterThan(1000);
    await expect.poll(() => keptFiles(page)).toContain('/samples/orchard-chat.jsonl');
    await page.context().setOffline(true);
    expect(await bytes('samples/orchard-chat.jsonl')).toBe(size);
    await expect(bytes('sbom.cdx.json')).rejects.toThrow('Failed to fetch');
  });
});

it('a newer version waits until it is asked for, and the tab then shows it', async () => {
  const dist = join(folder, 'dist');
  cpSync('dist', dist, { recursive: true, filter: (path) => !/\.(wasm|onnx)$/.test(path) });
  const { server, address } = await serve(dist, 0);
  workbench = await startWorkbench();
  const page = await workbench.open('', { serviceWorkers: 'allow', scoresByItself: false });
  await page.goto(address);
  await whenKept(page);
  const worker = readFileSync(join(dist, 'service-worker.js'), 'utf8');
  writeFileSync(join(dist, 'service-worker.js'), worker.replace(/(version"?:\s*")[0-9a-f]{16}/, '$1ffffffffffffffff'));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const notice = page.getByRole('status').filter({ hasText: 'A newer Espalier is ready' });
  await notice.waitFor();
  const isOld = (): Promise<boolean> => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
  expect(await isOld()).toBe(true);
  await Promise.all([page.waitForEvent('load'), notice.getByRole('button', { name: 'Reload' }).click()]);
  expect(await isOld()).toBe(false);
  expect(await notice.count()).toBe(0);
  expect(await page.evaluate(() => caches.has('espalier-files-ffffffffffffffff'))).toBe(true);
  server.close();
});
