/**
 * One opening in a process of its own: `child.mjs <ours|naive> <chat|tokens> <file> <warm-up file> <threads>`; prints
 * its figures as JSON. The file `-` is standard input.
 */
import { basename } from 'node:path';
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers/opening.ts';
import { makeSession } from '../../src/engine/session.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import { openFileSource } from '../../src/platform/node/file-source.ts';
import { removeScratch } from '../../src/platform/node/scratch.ts';
import { spool } from '../../src/platform/node/spool.ts';
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

async function openOurs(files: readonly string[], session: ReturnType<typeof makeSession>): Promise<{ flat: number; distinct: number }> {
  const inputs = await Promise.all(files.map(inputOf));
  const facts = await session.open(inputs, DEFAULT_OPEN_SETTINGS, () => undefined);
  if (facts.issues > 0) throw new Error(`${facts.issues} records of ${files.join(', ')} were not used`);
  return facts.tokens;
}

async function inputOf(file: string): Promise<InputFile> {
  if (file === '-') return spool(file, process.stdin);
  return { path: basename(file), source: await openFileSource(file), handle: { path: file } };
}

async function run(): Promise<Opened> {
  const session = makeSession({ pool: makeThreadPool(new URL('./parse-thread.mjs', import.meta.url), Number(threads)), unpack });
  const naively = kind === 'chat' ? openChatNaively : openTokensNaively;
  // A short file is one range: every thread gets one of its own to warm up with, and the other side reads as many.
  if (side === 'ours') await openOurs(Array<string>(Number(threads)).fill(warmUp), session);
  else for (let i = 0; i < Number(threads); i++) await naively(warmUp);
  globalThis.gc?.();
  const restingBytes = process.memoryUsage.rss();
  restartPeak();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const { flat, distinct } = await (side === 'ours' ? openOurs([path], session) : naively(path));
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { flat, distinct, ms, cpuMs: (user + system) / 1000, restingBytes, peakBytes: peakBytes() };
}

process.stdout.write(JSON.stringify(await run()));
removeScratch();
process.exit(0);
