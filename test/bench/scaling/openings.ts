/** Openings of generated logs in processes of their own, one per point of a curve. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Opened } from '../child.ts';
import { writeChatLog, type ChatShape } from '../data/chat-log.ts';
import { readTexts } from '../data/texts.ts';
import { writeTokenLog } from '../data/token-log.ts';

const MB = 1e6;

export interface LogPoint extends ChatShape {
  readonly kind: 'chat' | 'tokens';
  readonly megabytes: number;
}

export interface Opening extends Opened, LogPoint {
  readonly threads: number;
  /** Of the file. */
  readonly bytes: number;
}

export interface Logs {
  /** Writes the log, unless this run has done so. */
  path(point: LogPoint): string;
  open(point: LogPoint, threads: number): Opening;
}

export function makeLogs(root: string, scratch: string, say: (text: string) => void): Logs {
  mkdirSync(scratch, { recursive: true });
  const texts = readTexts(root, 24 * MB);
  const written = new Set<string>();
  const write = (name: string, { kind, megabytes, ...shape }: LogPoint, seed: number): string => {
    const path = join(scratch, `${name}.jsonl`);
    if (written.has(path)) return path;
    say(`writing ${name}`);
    if (kind === 'chat') writeChatLog(path, texts, megabytes * MB, seed, shape);
    else writeTokenLog(path, megabytes * MB, seed);
    written.add(path);
    return path;
  };
  const path = (point: LogPoint): string =>
    write(`scaling-${point.kind}-${point.megabytes}-${point.group ?? 'mixed'}-${point.shared ?? 'drawn'}`, point, 1);
  return {
    path,
    open(point, threads) {
      const file = path(point);
      const warmUp = write(`scaling-warm-up-${point.kind}`, { kind: point.kind, megabytes: 6 }, 2);
      say(`opening ${point.megabytes} MB of ${point.kind}, ${threads} threads`);
      const child = fileURLToPath(new URL('./child.mjs', import.meta.url));
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--expose-gc', '--max-old-space-size=12000', child, 'ours', point.kind, file, warmUp, String(threads)],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(`opening ${file} failed: ${stderr}`);
      return { ...(JSON.parse(stdout) as Opened), ...point, threads, bytes: statSync(file).size };
    },
  };
}
