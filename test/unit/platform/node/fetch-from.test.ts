/** Redirects in Node: none is followed to a host that was not allowed, without end, or with what was for the first host alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
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
