/** The server of the page: nothing that is asked of it ends it, and nothing that breaks off stays open. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../../../src/platform/node/serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-serve-'));
let served: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), 'page');
  writeFileSync(join(folder, 'large.jsonl'), Buffer.alloc(20_000_000, 'x'));
  served = await serve(folder, 0);
});
afterAll(() => {
  served.server.close();
  served.server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** The first line of what the server says to a request that no browser would send. */
function ask(target: string): Promise<string> {
  return new Promise((done, reject) => {
    const socket = connect(Number(new URL(served.address).port), '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('end', () => done(text.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

it.each([
  ['no text', '/%ff'],
  ['no path', '//'],
  ['no host', 'http://'],
  ['a way out', '/..%2f..%2fetc/passwd'],
  ['a name of 5,000 letters', `/${'a'.repeat(5000)}`],
  ['a path below a file', '/index.html/x'],
  ['a zero', '/%00'],
])('says that nothing is there for an address with %s, and goes on', async (_, target) => {
  expect(await ask(target)).toMatch(/ 404 /);
  expect(await ask('/index.html')).toMatch(/ 200 /);
});

it.skipIf(process.platform !== 'linux')('closes the file of a download that breaks off', async () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let i = 0; i < 20; i++) {
    await new Promise<void>((done) => {
      const socket = connect(Number(new URL(served.address).port), '127.0.0.1', () =>
        socket.write('GET /large.jsonl HTTP/1.1\r\nHost: x\r\n\r\n'),
      );
      socket.once('data', () => socket.destroy());
      socket.once('close', () => done());
    });
  }
  await expect.poll(open, { timeout: 5000 }).toBeLessThanOrEqual(before + 2);
});
