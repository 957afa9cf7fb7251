/** The browser is given the address itself: sandboxed ones see no temporary folder of ours. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { openBrowser, openerOf } from '../../../../src/platform/node/open-browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-opener-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.unstubAllEnvs());

it.skipIf(process.platform !== 'linux')('names the address in the command', async () => {
  const told = join(folder, 'told');
  const opener = join(folder, 'xdg-open');
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}.part'\nmv '${told}.part' '${told}'\n`);
  chmodSync(opener, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  vi.stubEnv('DISPLAY', ':0');
  for (const name of ['BROWSER', 'SSH_CONNECTION', 'SSH_TTY']) vi.stubEnv(name, undefined);
  openBrowser('http://127.0.0.1:4173/go/once');
  await expect.poll(() => existsSync(told)).toBe(true);
  expect(readFileSync(told, 'utf8')).toBe('http://127.0.0.1:4173/go/once\n');
});

it('opens nothing where nobody would see it', () => {
  expect(openerOf('linux', {})).toBeNull();
  expect(openerOf('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(openerOf('darwin', { BROWSER: 'none' })).toBeNull();
});
