/** Opens an address in the person's browser, where there is one; where there is none nothing is said and nothing fails. */
import { spawn } from 'node:child_process';

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

/** @param address is seen by everybody on this machine, so it must be of no use later: one that leads on once */
export function openBrowser(address: string): void {
  const opener = isRemote() ? null : openerOf(process.platform, process.env);
  const [command, ...args] = opener ?? [];
  if (command === undefined) return;
  try {
    const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
    child.on('error', () => undefined);
    child.unref();
  } catch {
    // No such program.
  }
}
