/** Opening whole logs: time to the frozen forest and peak memory, in fresh processes, against the straightforward way. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Opened } from '../child.ts';
import { writeChatLog } from '../data/chat-log.ts';
import { readTexts } from '../data/texts.ts';
import { writeTokenLog } from '../data/token-log.ts';
import { expectEqual, faster, type Row, type Scale } from './row.ts';

const MB = 1e6;
const NAIVE = 'text().split.map(JSON.parse)';

interface Log {
  readonly kind: 'chat' | 'tokens';
  readonly path: string;
  readonly warmUp: string;
  readonly bytes: number;
}

export function openRows(root: string, scratch: string, scale: Scale): Row[] {
  mkdirSync(scratch, { recursive: true });
  const size = scale.quick ? 3 * MB : 40 * MB;
  const texts = readTexts(root, 24 * MB);
  const make = (kind: Log['kind'], bytes: number): Log => {
    const path = join(scratch, `${kind}-${bytes / MB}.jsonl`);
    const warmUp = join(scratch, `${kind}-warm-up-${scale.quick ? 1 : 6}.jsonl`);
    const write = (file: string, length: number, seed: number): void => {
      if (kind === 'chat') writeChatLog(file, texts, length, seed);
      else writeTokenLog(file, length, seed);
    };
    scale.say(`writing ${path}`);
    write(path, bytes, 1);
    if (!existsSync(warmUp)) write(warmUp, scale.quick ? MB : 6 * MB, 2);
    return { kind, path, warmUp, bytes: statSync(path).size };
  };
  return (['chat', 'tokens'] as const).flatMap((kind) => {
    const log = make(kind, size);
    return [speedRow(log, scale), pipeRow(log, scale), memoryRow(scale.quick ? log : make(kind, 4 * size), scale)];
  });
}

function speedRow(log: Log, scale: Scale): Row {
  const ours: Opened[] = [];
  const naive: Opened[] = [];
  for (let run = 0; run < scale.runs; run++) {
    scale.say(`opening ${log.kind}, run ${run + 1} of ${scale.runs}`);
    ours.push(open('ours', log));
    naive.push(open('naive', log));
    expectEqual(`${log.kind}: flat tokens`, ours[run].flat, naive[run].flat);
    expectEqual(`${log.kind}: distinct tokens`, ours[run].distinct, naive[run].distinct);
  }
  const best = (runs: readonly Opened[], figureOf: (run: Opened) => number): number =>
    runs.reduce((least, run) => Math.min(least, figureOf(run)), Infinity);
  const wall = ({ ms }: Opened): number => ms;
  const cpu = ({ cpuMs }: Opened): number => cpuMs;
  const what = log.kind === 'chat' ? `chat log vs ${NAIVE} + gpt-tokenizer + Map trie` : `token-id log vs ${NAIVE} + Map trie`;
  const { flat, distinct } = ours[0];
  const times = { ours: best(ours, wall), reference: best(naive, wall) };
  return faster(
    `open to frozen forest, 2 threads: ${what}`,
    times,
    log.kind === 'chat' ? '>= 8, then 20' : '>= 4, then 6',
    `${figure(log.bytes / MB)} MB, ${figure(log.bytes / 1000 / times.ours)} MB/s, vocabulary loaded; processor ` +
      `time of all threads ${figure(best(ours, cpu))} vs ${figure(best(naive, cpu))} ` +
      `ms; ${flat} flat and ${distinct} distinct tokens on both sides`,
  );
}

/** The same log through a pipe, which has to be read to its end before any of it can be read twice. */
function pipeRow(log: Log, scale: Scale): Row {
  let piped = Infinity;
  let path = Infinity;
  for (let run = 0; run < scale.runs; run++) {
    scale.say(`piping ${log.kind}, run ${run + 1} of ${scale.runs}`);
    const ours = open('ours', log);
    const same = open('ours', { ...log, path: '-' }, log.path);
    expectEqual(`${log.kind}: distinct tokens of standard input`, same.distinct, ours.distinct);
    path = Math.min(path, ours.ms);
    piped = Math.min(piped, same.ms);
  }
  return {
    name: `open a ${log.kind === 'chat' ? 'chat' : 'token-id'} log from standard input vs from its path, 2 threads`,
    value: piped,
    unit: 'ms',
    reference: path,
    ratio: piped / path,
    goal: '<= 1.2',
    note: `${figure(log.bytes / MB)} MB, both in processes of their own; the pipe is filled by another process`,
  };
}

/** One run: memory hardly depends on what else the machine does. */
function memoryRow(log: Log, scale: Scale): Row {
  scale.say(`memory while opening ${log.kind}`);
  const { peakBytes, restingBytes } = open('ours', log);
  const value = peakBytes - restingBytes;
  return {
    name: `peak memory while opening a ${log.kind === 'chat' ? 'chat' : 'token-id'} log, above rest, vs bytes of the file`,
    value: value / MB,
    unit: 'MB',
    reference: log.bytes / MB,
    ratio: value / log.bytes,
    goal: '<= 1, then 0.5',
    note: `${figure(log.bytes / MB)} MB, 2 threads, whole process; resting with threads and vocabulary loaded`,
  };
}

/** @param piped a file that another process writes to the child's standard input */
function open(side: 'ours' | 'naive', log: Log, piped?: string): Opened {
  const child = fileURLToPath(new URL('./child.mjs', import.meta.url));
  const options = ['--expose-gc', '--max-old-space-size=12000', child, side, log.kind, log.path, log.warmUp, '2'];
  const [command, ...rest] =
    piped === undefined ? [process.execPath, ...options] : ['sh', '-c', 'cat "$0" | "$@"', piped, process.execPath, ...options];
  const { stdout, stderr, status } = spawnSync(command, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`opening ${log.path} failed: ${stderr}`);
  return JSON.parse(stdout) as Opened;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
