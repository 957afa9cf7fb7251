/** The browser is given a file that leads to the page: the command, which everybody on the machine may see, has no token in it. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { openBrowser, openerOf } from '../../../../src/platform/node/open-browser.ts';
import { removeScratch } from '../../../../src/platform/node/scratch.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-opener-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  removeScratch();
});

it.skipIf(process.platform !== 'linux')('names no token in the command, and a file that only its user reads', async () => {
  const told = join(folder, 'told');
  const opener = join(folder, 'xdg-open');
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}.part'\nmv '${told}.part' '${told}'\n`);
  chmodSync(opener, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  vi.stubEnv('DISPLAY', ':0');
  for (const name of ['BROWSER', 'SSH_CONNECTION', 'SSH_TTY']) vi.stubEnv(name, undefined);
  openBrowser('http://127.0.0.1:4173/?view=secret&mode=embedded');
  await expect.poll(() => existsSync(told)).toBe(true);
  const said = readFileSync(told, 'utf8').trim();
  expect(said).toMatch(/\/open\.html$|-open\.html$/);
  expect(said).not.toContain('secret');
  const path = said;
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toContain('content="0; url=http://127.0.0.1:4173/?view=secret&amp;mode=embedded"');
  removeScratch();
  expect(existsSync(path)).toBe(false);
});

it('opens nothing where nobody would see it', () => {
  expect(openerOf('linux', {})).toBeNull();
  expect(openerOf('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(openerOf('darwin', { BROWSER: 'none' })).toBeNull();
});
