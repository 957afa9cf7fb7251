/** The command, as a person runs it: at once, or as a process to be disturbed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const ENTRY = resolve('bin/espalier.mjs');
const EXECUTABLE = process.execPath;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Run by a shell in front of it, such as `ulimit -f 10;`. */
  readonly before?: string;
  /** What the shell does with its output, such as `| head -1`. */
  readonly behind?: string;
}

export function espalier(args: readonly string[], { env = {}, input, before, behind }: Circumstances = {}): Ended {
  const options = {
    encoding: 'utf8' as const,
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
    ...(input === undefined ? {} : { input }),
  };
  const words = [EXECUTABLE, ENTRY, ...args];
  const line = `${before ?? ''} ${words.map((word) => `'${word}'`).join(' ')} ${behind ?? ''}; exit \${PIPESTATUS[0]}`;
  const { status, signal, stdout, stderr } =
    before === undefined && behind === undefined
      ? spawnSync(EXECUTABLE, words.slice(1), options)
      : spawnSync('bash', ['-c', line], options);
  return { status, signal, stdout, stderr };
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a command; it goes on beside the test. */
export function startEspalier(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(EXECUTABLE, [ENTRY, ...args], { env: { ...process.env, ...env } });
  const seen = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text: Buffer) => (seen[name] += text.toString()));
  const ended = new Promise<Ended>((done) => child.on('close', (status, signal) => done({ status, signal, ...seen })));
  return { child, ended };
}

/** Waits until something is so, and no longer than a minute and a half. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 90_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All files and folders below a folder, by path, sorted. */
export function allIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => (a < b ? -1 : 1));
}
