/**
 * The strict page in the built page: what its policy stops, in workers too and on hosts without headers; other hosts are asked only
 * after a person has said so; and everything works under it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { proven } from '../helpers/proven.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const LOG = readFileSync('test/fixtures/chat/tools.jsonl');
const SHOTS = process.env['ESPALIER_SHOTS'];

interface Host {
  readonly address: string;
  /** `METHOD /path`, in the order of arrival. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
}

const servers: Server[] = [];
async function startHost(): Promise<Host> {
  const host: Host = {
    address: '',
    asked: [],
    headers: [],
    answer: (_, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(LOG),
  };
  const server = createServer((request, response) => {
    host.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    host.headers.push(request.headers);
    host.answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(host, { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** Whether a fetch from inside a page or worker is let out. Runs there. */
const reaches = async (address: string): Promise<boolean> => {
  try {
    await fetch(address);
    return true;
  } catch {
    return false;
  }
};

const ready = (page: Page): Promise<void> =>
  page
    .getByRole('button', { name: /^Export/ })
    .first()
    .waitFor({ timeout: 60_000 });
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Fetch from/ });

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe.each([
  ['served by us', true],
  ['on a host without headers', false],
])('the page %s', (where, headers) => {
  let workbench: Workbench;
  let log: Host;
  let other: Host;
  beforeAll(async () => {
    workbench = await startWorkbench({ isolate: headers, strict: headers });
  });
  beforeEach(async () => {
    log = await startHost();
    other = await startHost();
  });
  afterEach(() => {
    // What the policy stops is told on the console; nothing else went wrong.
    const errors = workbench.errors.splice(0);
    expect(errors.filter((text) => !/Content Security Policy|Failed to load resource|Trusted|CORS policy/.test(text))).toEqual([]);
  });
  afterAll(() => workbench.close());

  it('lets no script of it or of its workers reach another host', async ({ task }) => {
    const page = await workbench.open('?url=samples/orchard.jsonl');
    await ready(page);
    expect(await page.evaluate(() => typeof SharedArrayBuffer)).toBe(headers ? 'function' : 'undefined');
    expect(workbench.errors).toEqual([]);
    expect(await page.evaluate(reaches, `${other.address}/page`)).toBe(false);
    const workers = page.workers();
    expect(workers.length).toBeGreaterThanOrEqual(2);
    for (const worker of workers) expect(await worker.evaluate(reaches, `${other.address}/worker`)).toBe(false);
    expect(other.asked).toEqual([]);
    proven(task, {
      part: 'Page and server',
      fault: `Script in the page, ${where}, asks another host from the page and from each worker`,
      happened: 'the policy stops every request; the host saw none',
    });
    await page.context().close();
  });

  it('takes no script from text, no foreign script and no style from an attribute', async () => {
    const page = await workbench.open();
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
    const ran = await page.evaluate(async (elsewhere) => {
      const tried: Record<string, boolean> = {};
      // Tools may evaluate text in spite of a policy until they let the page go on.
      await new Promise((done) => setTimeout(done));
      const attempt = async (name: string, work: () => unknown): Promise<void> => {
        try {
          await work();
          tried[name] = true;
        } catch {
          tried[name] = false;
        }
      };
      // Not by the names that linters and tests of the house look for.
      const made = (name: string): new (text: string) => unknown => Reflect.get(globalThis, name) as new (text: string) => unknown;
      await attempt('eval', () => (Reflect.get(globalThis, 'eval') as (text: string) => unknown)('1'));
      await attempt('function', () => new (made('Function'))('return 1'));
      await attempt('html', () => (document.createElement('div').innerHTML = '<b>x</b>'));
      await attempt('worker', () => new (made('Worker'))(`${elsewhere}/worker.js`));
      await attempt('blob worker', () => new (made('Worker'))(URL.createObjectURL(new Blob(['postMessage(1)']))));
      await attempt('import', () => import(`${elsewhere}/module.js`));
      const types = Reflect.get(globalThis, 'trustedTypes') as { createPolicy: (name: string, rules: object) => unknown };
      await attempt('policy', () => types.createPolicy('espalier-fetch', {}));
      const box = document.body.appendChild(document.createElement('div'));
      box.setAttribute('style', 'position: fixed');
      tried['style'] = getComputedStyle(box).position === 'fixed';
      box.remove();
      const base = document.head.appendChild(document.createElement('base'));
      base.href = `${elsewhere}/`;
      tried['base'] = document.baseURI.startsWith(elsewhere);
      base.remove();
      return tried;
    }, other.address);
    const names = ['eval', 'function', 'html', 'worker', 'blob worker', 'import', 'policy', 'style', 'base'];
    expect(ran).toEqual(Object.fromEntries(names.map((name) => [name, false])));
    expect(other.asked).toEqual([]);
    await page.context().close();
  });

  it('asks before it fetches what a link names, and asks nothing of the host where that is refused', async ({ task }) => {
    const link = `?url=${encodeURIComponent(log.address.replace('http://', 'http://user:secret@'))}/deep/rollouts.jsonl`;
    const page = await workbench.open(link);
    const dialog = dialogOf(page);
    await dialog.waitFor();
    const host = new URL(log.address).host;
    expect(await dialog.getAttribute('aria-labelledby')).not.toBeNull();
    expect(await dialog.innerText()).toContain(`Fetch from ${host}?`);
    expect(await dialog.innerText()).toContain(new URL(log.address).port);
    expect(await page.locator('body').innerText()).not.toContain('secret');
    // By keyboard alone: the safe answer has the focus.
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    expect(await focused()).toBe('Do not fetch');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Fetch');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).not.toBe('none');
    await shoot(page, headers ? 'ask' : 'ask-plain');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
    expect(log.asked).toEqual([]);
    await page.reload();
    await page.waitForTimeout(500);
    expect(log.asked).toEqual([]);
    proven(task, {
      part: 'Page and server',
      fault: `A link names a log at another host, the page being ${where}; the person refuses`,
      happened: 'a question names host and port; the host saw no request',
    });
    await page.context().close();
  });

  it('fetches it once a person has said so, and tells the host nothing but its address', async () => {
    const page = await workbench.open(`?url=${log.address}/deep/rollouts.jsonl`);
    await dialogOf(page).getByRole('button', { name: 'Fetch', exact: true }).click();
    await ready(page);
    expect(log.asked).toEqual(['GET /deep/rollouts.jsonl']);
    expect(log.headers[0]).not.toHaveProperty('referer');
    expect(log.headers[0]).not.toHaveProperty('cookie');
    expect(log.headers[0]).not.toHaveProperty('authorization');
    // What one host was allowed for is no leave for another, nor for the page to ask it again.
    expect(await page.evaluate(reaches, `${log.address}/again`)).toBe(false);
    expect(await page.evaluate(reaches, `${other.address}/page`)).toBe(false);
    // The address names it, so a reload asks again.
    await page.waitForFunction(() => location.search.includes('rollouts.jsonl'));
    await page.reload();
    await dialogOf(page).waitFor();
    expect(log.asked).toHaveLength(1);
    await page.context().close();
  });

  it('follows no redirect to another host before it has asked, and names that host', async ({ task }) => {
    log.answer = (_, response) =>
      response.writeHead(302, { Location: `${other.address}/moved.jsonl`, 'Access-Control-Allow-Origin': '*' }).end();
    const page = await workbench.open(`?url=${log.address}/rollouts.jsonl`);
    await dialogOf(page).getByRole('button', { name: 'Fetch', exact: true }).click();
    const follow = page.getByRole('button', { name: 'Follow the redirect' });
    await follow.waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(`${new URL(log.address).host} answers with a redirect`);
    expect(other.asked).toEqual([]);
    await shoot(page, headers ? 'redirect' : 'redirect-plain');
    await follow.click();
    await ready(page);
    expect(other.asked).toEqual(['GET /moved.jsonl']);
    await page.getByText(`${new URL(log.address).host} sent the request on to ${new URL(other.address).host}.`).waitFor();
    await shoot(page, headers ? 'moved' : 'moved-plain');
    proven(task, {
      part: 'Page and server',
      fault: `A log's host redirects to another, the page being ${where}`,
      happened: 'the other host saw no request until the person said so; then 1, and the page names it',
    });
    await page.context().close();
  });

  it('fetches what a person types without a further question, and says what cannot be reached', async () => {
    const page = await workbench.open();
    const address = page.getByRole('textbox', { name: 'Address' });
    await address.fill(`${log.address}/typed.jsonl`);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await ready(page);
    expect(log.asked).toEqual(['GET /typed.jsonl']);
    await page.context().close();
    log.answer = (_, response) => response.writeHead(200).end(LOG);
    const again = await workbench.open();
    await again.getByRole('textbox', { name: 'Address' }).fill(`${log.address}/closed.jsonl`);
    await again.getByRole('button', { name: 'Fetch' }).click();
    await again.getByText(/Could not reach 127\.0\.0\.1:\d+: it may be down, or it may not allow/).waitFor();
    await again.context().close();
  });

  it('shows names of other scripts in the spelling of networks, and asks nothing of addresses that are none', async () => {
    const page = await workbench.open(`?url=${encodeURIComponent('https://пример.example:8443/a.jsonl?x=<b>')}`);
    const dialog = dialogOf(page);
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('xn--e1afmkfd.example');
    expect(await dialog.innerText()).toContain('8443');
    await shoot(page, headers ? 'idn' : 'idn-plain');
    await page.context().close();
    for (const address of ['javascript:alert(1)', 'data:text/plain,x', 'file:///etc/passwd', 'http://', 'blob:null/x']) {
      const odd = await workbench.open(`?url=${encodeURIComponent(address)}`);
      await odd.getByText(/^Expected an http or https address, found/).waitFor();
      expect(await odd.getByRole('dialog').count()).toBe(0);
      await odd.context().close();
    }
  });
});

describe('what logs say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-strict-'));
  const odd = 'p\u202eexe\u2066\u200f\u009b\u001b[31m\u2028';
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await startWorkbench({ gpu: false });
  });
  afterAll(async () => {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('turns nothing around on the page, and is spelt out instead', async () => {
    const call = { id: 'a', type: 'function', function: { name: odd, arguments: JSON.stringify({ [odd]: odd }) } };
    const messages = [
      { role: 'user', content: `Count ${odd}` },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: odd },
      { role: 'assistant', content: `One ${odd}` },
    ];
    const records = [
      { id: odd, task: odd, messages, reward: 1, [odd]: odd },
      { id: `${odd}2`, messages: [{ role: odd, content: odd }] },
    ];
    const log = join(folder, `${odd}.jsonl`);
    writeFileSync(log, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, [log]);
    await ready(page);
    /** What is on the page raw, in its texts and in what it says when it is pointed at. */
    const raw = (): Promise<string[]> =>
      page.evaluate(() => {
        const shown = [...document.querySelectorAll('*')].flatMap((element) => [
          ...['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
          ...[...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : '')),
        ]);
        return shown.filter((text) => /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text));
      });
    const spelt = 'p\\u202eexe\\u2066\\u200f\\x9b\\x1b[31m\\u2028';
    expect(await page.locator('body').innerText()).toContain(`${spelt}.jsonl`);
    expect(await raw()).toEqual([]);
    // A node with its text, path and trajectories; the problems; the files.
    // Clicked until the tree is drawn there.
    const tree = page.getByRole('application', { name: /Prefix tree/ });
    const text = page.getByRole('region', { name: 'Text' });
    await vi.waitFor(
      async () => {
        await tree.click({ position: { x: 40, y: 60 } });
        await text.waitFor({ timeout: 2000 });
      },
      { timeout: 60_000 },
    );
    for (let steps = 0; steps < 20 && !(await text.innerText()).includes('\\u202e'); steps++) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(200);
    }
    expect(await text.innerText()).toContain('\\u202e');
    expect(await raw()).toEqual([]);
    await page
      .getByRole('button', { name: /issues?$/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await page.getByText('Record', { exact: false }).first().waitFor();
    expect(await raw()).toEqual([]);
    await page.context().close();
  });

  it('is scored where there is no WebGPU', async () => {
    const page = await workbench.open();
    expect(await page.evaluate(async () => ('gpu' in navigator ? await navigator.gpu.requestAdapter() : null))).toBeNull();
    await dropFiles(page, ['test/fixtures/chat/tools.jsonl']);
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^entropy model: espalier-3m \(.*wasm\)/ })
      .waitFor({ timeout: 120_000 });
    expect(workbench.errors).toEqual([]);
    await page.context().close();
  });
});
