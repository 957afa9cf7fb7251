/** The server of the page: nothing that is asked of it ends it or stays open, it answers to its own names, and every answer is strict. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_CONNECTIONS, MAX_REQUEST_HEAD_BYTES, MAX_WAITING_REQUESTS } from '../../../../src/base/bounds.ts';
import { hostName } from '../../../../src/platform/node/host-names.ts';
import { serve } from '../../../../src/platform/node/serve.ts';
import { proven } from '../../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-serve-'));
let served: Awaited<ReturnType<typeof serve>>;
let port: number;
beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), 'page');
  writeFileSync(join(folder, 'large.jsonl'), Buffer.alloc(20_000_000, 'x'));
  const names = ['logs.example', 'here.example:8080'].map((name) => hostName(name)!);
  served = await serve(folder, 0, { names });
  port = Number(new URL(served.address).port);
});
afterAll(() => {
  served.server.close();
  served.server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** All that comes back for bytes that no browser would send, until the server closes. */
function raw(bytes: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => undefined).on('close', () => done(text));
  });
}

const get = (target: string, host: string): string => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
/** The status of a request. */
const ask = async (target: string, host = `localhost:${port}`): Promise<string> => (await raw(get(target, host))).split(' ')[1] ?? '';
const openFiles = (): number => readdirSync('/proc/self/fd').length;

it.each([
  ['no text', '/%ff'],
  ['no path', '//'],
  ['no host', 'http://'],
  ['a way out', '/..%2f..%2fetc/passwd'],
  ['a way out by backslashes', '/..%5c..%5cetc%5cpasswd'],
  ['a backslash', '/index.html\\'],
  ['a name of 5,000 letters', `/${'a'.repeat(5000)}`],
  ['a path below a file', '/index.html/x'],
  ['a zero', '/%00'],
  ['a zero behind a file', '/index.html%00'],
])('says that nothing is there for an address with %s, and goes on', async (_, target) => {
  expect(await ask(target)).toBe('404');
  expect(await ask('/index.html')).toBe('200');
});

it('answers to its own names and to those that it was given, and to no other', async ({ task }) => {
  const own = ['localhost', `localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `logs.example:${port}`];
  for (const host of [...own, 'logs.example', 'here.example:8080']) expect([host, await ask('/', host)]).toEqual([host, '200']);
  const strange = ['attacker.example', `attacker.example:${port}`, 'localhost:1', 'localhost.attacker.example', 'here.example:81', ''];
  const odd = [
    'localhost:',
    'localhost:port',
    'local host',
    'localhost/',
    'user@localhost',
    `127.1:${port}`,
    '[::1',
    '\xff',
    'localhost,evil',
  ];
  for (const host of [...strange, ...odd]) {
    // Characters that no header may have are refused before the name is looked at.
    expect([host, await ask('/', host)]).toEqual([host, expect.stringMatching(/^4(00|21)$/)]);
  }
  expect(await raw(get('/', 'attacker.example'))).toContain(
    `\r\n\r\nthis server is not the host that was asked for; it answers to localhost:${port}, and to what --host names\n`,
  );
  expect(await ask(`http://attacker.example/`)).toBe('421');
  expect(await ask(`http://localhost:${port}/`)).toBe('200');
  expect((await raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).split(' ')[1]).toBe('400');
  expect((await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n\r\n`)).split(' ')[1]).toBe('400');
  proven(task, {
    part: 'Page and server',
    fault: 'A page of another host has its name point to this machine and reads from the server (DNS rebinding)',
    happened: `status 421 for ${strange.length + odd.length} other names and for an absolute address; its own names are answered`,
  });
});

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])('does not answer %s', async (method) => {
  const text = await raw(`${method} /index.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello`);
  expect(text).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nAllow: GET, HEAD\r\n[\s\S]*only GET and HEAD are answered\n$/);
});

it('says the same strict headers with every answer, those of no request included', async () => {
  const answers = {
    page: get('/', 'localhost'),
    nothing: get('/none', 'localhost'),
    otherHost: get('/', 'attacker.example'),
    post: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
    connect: 'CONNECT attacker.example:443 HTTP/1.1\r\nHost: attacker.example\r\n\r\n',
    expectation: 'GET / HTTP/1.1\r\nHost: attacker.example\r\nExpect: tea\r\n\r\n',
    garbage: '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n',
    largeHead: `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(MAX_REQUEST_HEAD_BYTES)}\r\n\r\n`,
  };
  for (const [name, bytes] of Object.entries(answers)) {
    const text = await raw(bytes);
    for (const line of ['X-Content-Type-Options: nosniff', 'Referrer-Policy: no-referrer', 'Cross-Origin-Opener-Policy: same-origin'])
      expect([name, text.includes(`\r\n${line}\r\n`)]).toEqual([name, true]);
  }
});

it.skipIf(process.platform !== 'linux')('goes on after odd requests, and leaves nothing open', async ({ task }) => {
  await expect.poll(openFiles, { timeout: 5000 }).toBe(openFiles());
  const before = openFiles();
  const odd = [
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(2 * MAX_REQUEST_HEAD_BYTES)}\r\n\r\n`,
    `GET /${'x'.repeat(2 * MAX_REQUEST_HEAD_BYTES)} HTTP/1.1\r\n\r\n`,
    'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
    'GET / HTTP/1.1\nHost: localhost\n\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nzz\r\n',
    'GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
    `GET /large.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(MAX_WAITING_REQUESTS + 2),
    `GET /large.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\nnonsense\r\n\r\n`,
  ];
  for (const bytes of odd) await raw(bytes);
  expect(await ask('/')).toBe('200');
  await expect.poll(openFiles, { timeout: 5000 }).toBeLessThanOrEqual(before);
  proven(task, {
    part: 'Page and server',
    fault: `${odd.length} malformed, over-long, pipelined and upgraded requests`,
    happened: 'the server answers the next one, and no descriptor stays open',
  });
});

it.skipIf(process.platform !== 'linux')(
  'has one file open for each connection, whatever is asked on it, and closes it when that breaks off',
  async () => {
    const before = openFiles();
    const sockets: Socket[] = [];
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('GET /large.jsonl HTTP/1.1\r\nHost: localhost\r\nRange: bytes=5-\r\n\r\n'.repeat(30));
      });
      sockets.push(socket.on('error', () => undefined));
      await new Promise((done) => socket.once('data', done));
      socket.pause();
    }
    // Both ends of each connection, and one file.
    expect(openFiles()).toBeLessThanOrEqual(before + 3 * sockets.length);
    for (const socket of sockets) socket.destroy();
    await expect.poll(openFiles, { timeout: 5000 }).toBeLessThanOrEqual(before);
  },
);

it('answers pipelined requests in their order', async () => {
  const more = (method: string, target: string): string => `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const text = await raw(more('GET', '/index.html') + more('HEAD', '/') + get('/none', 'localhost'));
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '200', '404']);
});

it('is not taken up by connections that say nothing', async ({ task }) => {
  const idle = await Promise.all(
    Array.from({ length: MAX_CONNECTIONS + 10 }, async () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nX: '));
      await new Promise((done) => socket.on('error', done).once('connect', done));
      return socket;
    }),
  );
  const closed = (): number => idle.filter(({ destroyed, readyState }) => destroyed || readyState !== 'open').length;
  for (const socket of idle) socket.resume().on('end', () => socket.end());
  await expect.poll(closed, { timeout: 30_000 }).toBe(idle.length);
  expect(await ask('/')).toBe('200');
  proven(task, {
    part: 'Page and server',
    fault: `${idle.length} connections begin a request and never end it (slowloris)`,
    happened: `${idle.length - MAX_CONNECTIONS} are closed at once, the others when their time is up; then the page is served`,
  });
});

it('lets the page and its workers reach nothing but itself, and the fetch worker the hosts that it was told', async () => {
  const policy = async (target: string): Promise<Record<string, string>> => {
    const line = /^Content-Security-Policy: (.*)$/m.exec(await raw(get(target, 'localhost')))?.[1] ?? '';
    return Object.fromEntries(line.split('; ').map((part) => [part.split(' ')[0], part.slice(part.indexOf(' ') + 1)]));
  };
  for (const target of ['/', '/none', '/?to=https://a.example', '/assets/session.worker-x.js?to=https://a.example'])
    expect(await policy(target)).toMatchObject({
      'default-src': "'self'",
      'script-src': "'self' 'wasm-unsafe-eval'",
      'connect-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
    });
  const fetching = async (query: string): Promise<string | undefined> => (await policy(`/assets/fetch.worker-x.js${query}`))['connect-src'];
  expect(await fetching('')).toBe("'none'");
  expect(await fetching('?to=https://a.example&to=http://127.0.0.1:8000&to=https://*.b.example')).toBe(
    'https://a.example http://127.0.0.1:8000 https://*.b.example',
  );
  expect(await fetching('?to=*')).toBe('https: http:');
  for (const odd of ['https://a.example;script-src *', 'https://a.example https:', 'a.example', "'unsafe-inline'", 'https://a.example/x,y'])
    expect(await fetching(`?to=${encodeURIComponent(odd)}`)).toBe("'none'");
});

it('leads on once, to who asks by its own names', async () => {
  const way = new URL(served.leadOnce('?view=secret'));
  expect(way.href).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/go/[\\w-]{32}$`));
  // None of these uses it up.
  expect(await ask(way.pathname, 'attacker.example')).toBe('421');
  expect((await raw(`HEAD ${way.pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).split(' ')[1]).toBe('404');
  expect(await ask('/go/')).toBe('404');
  const answer = await fetch(way, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    location: '/?view=secret',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  expect(await ask(way.pathname)).toBe('404');
  expect(served.leadOnce('?view=secret')).not.toBe(served.leadOnce('?view=secret'));
  const second = served.leadOnce('?view=secret');
  expect(await (await fetch(second)).text()).toBe('page');
});
