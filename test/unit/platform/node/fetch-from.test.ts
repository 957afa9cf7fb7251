/** Redirects in Node: none is followed to a host that was not allowed, without end, or with what was for the first host alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchFrom } from '../../../../src/platform/node/fetch-from.ts';
import { AddressFault } from '../../../../src/platform/web/address-fault.ts';

const asked: string[] = [];
const servers: Server[] = [];
let [first, second] = ['', ''];

async function listen(name: string): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${name} ${request.url} ${request.headers.authorization ?? ''}`.trimEnd());
    const to = new URL(request.url ?? '/', 'http://here').searchParams.get('to');
    if (to === null) response.writeHead(200).end('here');
    else response.writeHead(302, { Location: to }).end();
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  first = await listen('first');
  second = await listen('second');
});
beforeEach(() => void asked.splice(0));
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const from = (path: string, hosts: readonly string[], redirect: 'follow' | 'manual' = 'follow') =>
  fetchFrom(new URL(path, first), {
    hosts,
    redirect,
    signal: new AbortController().signal,
    headers: { Authorization: 'Bearer t', Range: 'bytes=0-' },
  });
const encoded = (url: string): string => `/a?to=${encodeURIComponent(url)}`;

it('follows to hosts that are allowed, with the token to the first alone', async () => {
  const { answer, from: end } = await from(encoded(`/b?to=${encodeURIComponent(`${second}/c`)}`), [first, second]);
  expect(await answer.text()).toBe('here');
  expect(end).toBe(`${second}/c`);
  expect(asked.map((each) => each.replace(/\?\S*/, ''))).toEqual(['first /a Bearer t', 'first /b Bearer t', 'second /c']);
});

it('keeps the token from a host that sends back', async () => {
  await from(encoded(`${second}/b?to=${encodeURIComponent(`${first}/c`)}`), ['*']);
  expect(asked.map((each) => each.replace(/\?\S*/, ''))).toEqual(['first /a Bearer t', 'second /b', 'first /c']);
});

it.each([
  ['a host that was not allowed', () => encoded(`${second}/c`), /sends on to 127\.0\.0\.1:\d+, which may not be asked/],
  ['what is no address of the web', () => encoded('file:///etc/hostname'), /an address that may not be asked: file:\/\/\/etc\/hostname/],
  ['what is no address', () => encoded('http://[/x'), /an address that may not be asked/],
])('asks nothing of %s', async (_, path, sentence) => {
  const failure = await from(path(), [first]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AddressFault);
  expect(failure).toMatchObject({ message: expect.stringMatching(sentence) as unknown });
  expect(asked).toHaveLength(1);
});

it('ends a circle', async () => {
  let path = '/z';
  for (let i = 0; i < 12; i++) path = `/a?to=${encodeURIComponent(path)}`;
  await expect(from(path, [first])).rejects.toThrow('sends on more than 10 times');
  expect(asked).toHaveLength(11);
});

it('tells of a redirect that is not to be followed', async () => {
  expect(await from(encoded(`${second}/c`), [first], 'manual')).toMatchObject({ isRedirect: true });
  expect(asked).toHaveLength(1);
});

describe('a redirect from outside', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** What is asked, where the first host sends on to `to`; no host is reached. */
  async function askedFrom(named: string, to: string): Promise<string[]> {
    const steps: string[] = [];
    vi.stubGlobal('fetch', (url: URL) => {
      steps.push(url.href);
      return Promise.resolve(steps.length === 1 ? new Response(null, { status: 302, headers: { Location: to } }) : new Response('here'));
    });
    const how = { hosts: ['*'], redirect: 'follow', signal: new AbortController().signal } as const;
    await fetchFrom(new URL(named), how).catch((error: unknown) => expect(error).toBeInstanceOf(AddressFault));
    return steps;
  }

  const OWN = ['127.0.0.1', '127.0.0.2', '127.1', '0x7f000001', '2130706433', '0.0.0.0', 'localhost', 'LOCALHOST.', 'a.localhost', '[::1]'];
  const NEAR = [
    '169.254.169.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.100.100.200',
    '127.0.0.1.',
    'host.invalid.',
  ];
  const SIX = ['[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:a9fe:a9fe]', '[fc00::1]', '[fd12::1]', '[fe80::1]', '[::7f00:1]'];

  it.each([...OWN, ...NEAR, ...SIX])('is not followed to %s', async (host) => {
    for (const named of ['https://host.example/a', 'https://host.example./a', 'https://1.1.1.1/a'])
      expect(await askedFrom(named, `https://${host}/b`)).toEqual([named]);
  });

  it.each(['172.15.0.1', '172.32.0.1', '11.0.0.1', '169.253.0.1', '[2606:4700::1]', '127.0.0.1.example', 'localhost.example'])(
    'is followed to %s',
    async (host) => {
      expect(await askedFrom('https://host.example/a', `https://${host}/b`)).toEqual(['https://host.example/a', `https://${host}/b`]);
    },
  );

  it.each([
    ['https://10.0.0.1/a', 'https://192.168.0.2/b', 2],
    ['https://10.0.0.1/a', 'https://127.0.0.1/b', 1],
    ['http://127.0.0.2/a', 'http://localhost/b', 2],
    ['http://127.0.0.1/a', 'https://10.0.0.1/b', 2],
    ['https://host.example/a', 'https://name:word@other.example/b', 1],
    ['https://host.example/a', 'http://other.example/b', 1],
  ])('from %s to %s asks %d hosts', async (named, to, count) => {
    expect(await askedFrom(named, to)).toHaveLength(count);
  });

  it('is told without what may be secret', async () => {
    const to = `http://name:word@host.example/c?signature=1#top`;
    const failure = await from(encoded(to), ['*']).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/may not be asked: http:\/\/host\.example\/c\.$/);
  });
});
