/** Opens an address in the person's browser, where there is one; where there is none nothing is said and nothing fails. */
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { scratchPath } from './scratch.ts';

/** By then the browser has read where to go. */
const OPENED_MS = 60_000;

/** Whether the person sits at another machine. */
export function isRemote(): boolean {
  return process.env['SSH_CONNECTION'] !== undefined || process.env['SSH_TTY'] !== undefined;
}

/** The command that a system opens addresses with; null: nobody would see it. */
export function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly string[] | null {
  if (env['BROWSER'] === 'none') return null;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  const hasScreen = env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
  return hasScreen ? ['xdg-open'] : null;
}

/**
 * @param address may hold a token: commands are seen by everybody on this machine, so the browser is given a file that leads there,
 * which only this user may read
 */
export function openBrowser(address: string): void {
  const opener = isRemote() ? null : openerOf(process.platform, process.env);
  const [command, ...args] = opener ?? [];
  if (command === undefined) return;
  try {
    const path = scratchPath('open.html');
    writeFileSync(path, pageTo(address), { mode: 0o600, flag: 'wx' });
    setTimeout(() => rmSync(path, { force: true }), OPENED_MS).unref();
    const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true });
    child.on('error', () => undefined);
    child.unref();
  } catch {
    // No such program, or no place for a file.
  }
}

/** A page that leads to an address. */
function pageTo(address: string): string {
  const text = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${text}">
<title>Espalier</title>
<a href="${text}">Open Espalier</a>
`;
}
