/** `npm run fuzz`: starts threads, gathers what they tell, keeps it and reports it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORPUS, readGrown, readRegressions, REGRESSIONS, writeGrown, writeRegression, type Grown } from './corpus.ts';
import type { Message } from './messages.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { fuzzReport, type MarkedFile } from './report.ts';
import { newState, readState, writeState, type State, type Stretch } from './state.ts';
import { allTargets } from './targets.ts';
import { watchThread } from './watch.ts';

const SAVE_MS = 10_000;
/** Bytes of an input that is put into the repository. */
const MOST_KEPT = 4000;

async function fuzz(options: Options): Promise<number> {
  const targets = await allTargets();
  const ids = targets.map(({ id }) => id).filter((id) => id.includes(options.reader));
  if (ids.length === 0) throw new Error(`no reader is called ${options.reader}; there are ${targets.map(({ id }) => id).join(', ')}`);
  const state = (options.state === null ? null : readState(options.state)) ?? newState(options.seed ?? Date.now() % 2 ** 31);
  const grown = readGrown(CORPUS, ids);
  if (options.state !== null) for (const [id, inputs] of readGrown(join(options.state, 'corpus'), ids)) grown.get(id)?.push(...inputs);
  const begun = new Map([...grown].map(([id, inputs]) => [id, [...inputs]]));
  for (const { target, input } of readRegressions()) begun.get(target)?.push(input);
  for (const { target, base64 } of state.findings) begun.get(target)?.push(Uint8Array.from(Buffer.from(base64, 'base64')));
  const files = JSON.parse(readFileSync(new URL('./blocks.json', import.meta.url), 'utf8')) as MarkedFile[];
  const seen = new Uint8Array(1 << 17);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const stretch: Stretch = { commit, node: process.version, threads: options.threads, executions: 0, seconds: 0 };
  const broken = new Set<string>();
  const began = performance.now();
  if (options.state !== null) writeState(options.state, state);
  if (options.state !== null) writeFileSync(join(options.state, 'pid'), `${process.pid}\n`);
  process.stdout.write(`seed ${state.seed}, ${ids.length} readers, ${state.executions.toLocaleString('en')} executions so far\n`);

  const take = (thread: number, message: Message): void => {
    if (message.type === 'counts') {
      state.next[thread] = message.next;
      for (const [id, count] of Object.entries(message.counts)) {
        state.counts[id] = (state.counts[id] ?? 0) + count;
        state.executions += count;
        stretch.executions += count;
      }
    } else if (message.type === 'grown') grown.get(message.target)?.push(message.input);
    else if (message.type === 'memory') state.memory.push({ executions: state.executions, ...message.point });
    else if (message.type === 'blocks') for (let i = 0; i < seen.length; i++) seen[i] |= message.seen[i];
    else if (message.type === 'again' || message.type === 'found') keep(state, message, broken, options);
  };
  const save = (): void => {
    stretch.seconds = Math.round((performance.now() - began) / 1000);
    if (options.state === null) return;
    writeState(options.state, { ...state, stretches: [...state.stretches, stretch] });
    writeGrown(join(options.state, 'corpus'), grown);
  };

  const left = Math.max(0, options.executions - state.executions);
  const share = Math.ceil(left / options.threads);
  const threads = Array.from({ length: options.threads }, (_, thread) => {
    const from = state.next[thread] ?? 0;
    const task = { seed: state.seed, thread, from, to: from + share, only: options.reader, grown: begun };
    return watchThread(new URL('./thread.mjs', import.meta.url), ids, task, (message) => take(thread, message));
  });
  const stop = (): void => threads.forEach((thread) => thread.stop());
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (options.minutes !== Infinity) setTimeout(stop, options.minutes * 60_000).unref();
  const timer = setInterval(() => {
    save();
    const rate = Math.round(stretch.executions / Math.max(1, stretch.seconds));
    process.stdout.write(`${state.executions.toLocaleString('en')} executions, ${rate} a second, ${state.findings.length} findings\n`);
  }, SAVE_MS);
  await Promise.all(threads.map(({ ended }) => ended));
  clearInterval(timer);
  save();
  state.stretches.push(stretch);
  if (options.grow) writeGrown(CORPUS, small(grown));
  if (options.report !== null) writeFileSync(options.report, fuzzReport({ state, files, seen, targets, grown, broken }));
  process.stdout.write(
    `${state.executions.toLocaleString('en')} executions of ${ids.length} readers, ${broken.size} findings, seed ${state.seed}\n`,
  );
  return broken.size > 0 ? 1 : 0;
}

/** What may lie in the repository. */
function small(grown: Grown): Grown {
  return new Map([...grown].map(([id, inputs]) => [id, inputs.filter(({ length }) => length <= MOST_KEPT)]));
}

/** @param broken keys of what this build breaks: findings of an earlier one may be mended. */
function keep(state: State, message: Extract<Message, { type: 'again' | 'found' }>, broken: Set<string>, options: Options): void {
  const key = message.type === 'again' ? message.key : message.finding.key;
  broken.add(key);
  const old = state.findings.find((finding) => finding.key === key);
  if (old !== undefined) old.times++;
  if (message.type === 'again') return;
  const { target, message: text, input, execution } = message.finding;
  if (old === undefined)
    state.findings.push({ target, key, message: text, base64: Buffer.from(input).toString('base64'), execution, times: 1 });
  const folder = options.state === null ? REGRESSIONS : join(options.state, 'regressions');
  const path = writeRegression(folder, target, key.slice(target.length + 2), input);
  process.stdout.write(`found: ${key}\n  ${text.slice(0, 400)}\n  ${path}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else process.exitCode = await fuzz(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
