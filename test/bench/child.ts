/** One opening in a process of its own: `child.mjs <ours|naive> <chat|tokens> <file> <warm-up file> <threads>`; prints its figures as JSON. */
import { basename } from 'node:path';
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers.ts';
import { makeSession } from '../../src/engine/session.ts';
import { openFileSource } from '../../src/platform/node/file-source.ts';
import { makeThreadPool } from '../../src/platform/node/thread-pool.ts';
import { unpack } from '../../src/platform/node/unpack.ts';
import { peakBytes, restartPeak } from './peak-memory.ts';
import { openChatNaively, openTokensNaively } from './reference/naive-open.ts';

export interface Opened {
  readonly flat: number;
  readonly distinct: number;
  /** From the call to the frozen forest, after the warm-up file. */
  readonly ms: number;
  /** Processor time in the same stretch, of all threads. */
  readonly cpuMs: number;
  /** Resident bytes before, and the most there were while opening. */
  readonly restingBytes: number;
  readonly peakBytes: number;
}

const [side, kind, path, warmUp, threads] = process.argv.slice(2);

async function openOurs(file: string, session: ReturnType<typeof makeSession>): Promise<{ flat: number; distinct: number }> {
  const source = await openFileSource(file);
  const facts = await session.open([{ path: basename(file), source, handle: { path: file } }], DEFAULT_OPEN_SETTINGS, () => undefined);
  if (facts.issues > 0) throw new Error(`${facts.issues} records of ${file} were not used`);
  return facts.tokens;
}

async function run(): Promise<Opened> {
  const session = makeSession({ pool: makeThreadPool(new URL('./parse-thread.mjs', import.meta.url), Number(threads)), unpack });
  const naively = kind === 'chat' ? openChatNaively : openTokensNaively;
  const open = side === 'ours' ? (file: string) => openOurs(file, session) : naively;
  await open(warmUp);
  globalThis.gc?.();
  const restingBytes = process.memoryUsage.rss();
  restartPeak();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const { flat, distinct } = await open(path);
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { flat, distinct, ms, cpuMs: (user + system) / 1000, restingBytes, peakBytes: peakBytes() };
}

process.stdout.write(JSON.stringify(await run()));
process.exit(0);
