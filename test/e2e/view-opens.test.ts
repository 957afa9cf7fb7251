/** `espalier view PATH` as a person starts it: a browser is opened on the printed address, and from afar it is said how to get there. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { line } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-opens-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** What the opener of the system was given; null: it was not called. */
  readonly given: () => string | null;
}

/** With an opener of our own before that of the system. */
function start(name: string, more: NodeJS.ProcessEnv, args: readonly string[]): Started {
  const own = join(folder, name);
  mkdirSync(own);
  const told = join(own, 'told');
  const opener = join(own, 'xdg-open');
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}.part'\nmv '${told}.part' '${told}'\n`);
  chmodSync(opener, 0o755);
  const { BROWSER: _, SSH_CONNECTION: __, SSH_TTY: ___, ...rest } = process.env;
  const env = { ...rest, PATH: `${own}${delimiter}${rest['PATH']}`, DISPLAY: ':0', ...more };
  const child = spawn(process.execPath, ['dist-cli/espalier.mjs', 'view', '--port', '0', ...args], { env });
  children.push(child);
  let said = '';
  child.stdout.on('data', (data: Buffer) => void (said += data.toString()));
  return { child, said: () => said, given: () => (existsSync(told) ? readFileSync(told, 'utf8').trim() : null) };
}

const log = join(folder, 'a.jsonl');
writeFileSync(log, line('one', 0, 3));
const address = (said: string): string | undefined => /Espalier is at (\S+)/.exec(said)?.[1];

it.skipIf(process.platform !== 'linux')('opens what leads to the address that it prints', async () => {
  const { said, given } = start('here', {}, [log]);
  await expect.poll(given, { timeout: 30_000 }).not.toBeNull();
  const printed = address(said()) ?? '';
  expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?view=[\w-]+$/);
  // It leads there once, as commands are seen by everybody.
  const way = given() ?? '';
  expect(way).toMatch(new RegExp(`^${new URL(printed).origin}/go/[\\w-]+$`));
  const answer = await fetch(way);
  expect([answer.status, answer.url]).toEqual([200, printed]);
  expect((await fetch(way)).status).toBe(404);
  expect((await fetch(printed)).status).toBe(200);
});

it.skipIf(process.platform !== 'linux').each([
  ['over ssh', { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }, [log]],
  ['over ssh, without a path', { SSH_TTY: '/dev/pts/0' }, []],
])('says how to forward its port where the person is elsewhere: %s', async (name, env, args) => {
  const { child, said, given } = start(name.replaceAll(/\W/g, '-'), env, args);
  await expect.poll(said, { timeout: 30_000 }).toContain('ssh -L');
  const { port } = new URL(address(said()) ?? '');
  expect(said()).toMatch(new RegExp(`ssh -L ${port}:127\\.0\\.0\\.1:${port} (\\S+@)?${hostname()}, then the same address there`));
  const ended = new Promise((done) => child.on('exit', done));
  child.kill();
  await ended;
  expect(given()).toBeNull();
});
