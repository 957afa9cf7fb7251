/** The fuzzer on readers that are broken on purpose: each fault is found, told once, made small, and ends nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { runLoop } from '../../fuzz/loop.ts';
import { SHARED_BYTES, type Finding, type Message, type Task } from '../../fuzz/messages.ts';
import { bytesOf, hold, textOf, type Target } from '../../fuzz/target.ts';
import { watchThread } from '../../fuzz/watch.ts';
import { proven } from '../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task = (to: number): Task => ({
  seed: 3,
  thread: 0,
  from: 0,
  to,
  only: '',
  grown: new Map(),
  without: [],
  shared: new SharedArrayBuffer(SHARED_BYTES),
});
const broken = (id: string, run: (text: string) => Promise<void> | void): Target => ({
  id,
  kind: 'text',
  weight: 1,
  seeds: [bytesOf('a plain text of some words')],
  run: (input) => run(textOf(input)),
});
const findings = (told: readonly Message[]): Finding[] => told.flatMap((message) => (message.type === 'found' ? [message.finding] : []));

it('finds a promise that is broken, an error, and a rejection that nobody handles, each once', async () => {
  const told: Message[] = [];
  const targets = [
    broken('promise', (text) => hold(!text.includes('<think>'), 'no thoughts', () => text)),
    broken('error', async (text) => {
      await Promise.resolve();
      if (text.includes('[INST]')) throw new RangeError('too deep');
    }),
    broken('rejection', (text) => {
      if (text.includes('<|call|>')) void Promise.reject(new Error('lost'));
    }),
    broken('sound', () => undefined),
  ];
  const tell = (message: Message): void => void told.push(message);
  await runLoop(targets, task(4000), tell, () => undefined);
  const found = findings(told);
  expect(found.map(({ target }) => target).sort()).toEqual(['error', 'promise', 'rejection']);
  const smallest = found.filter(({ target }) => target !== 'rejection').map(({ input }) => textOf(input));
  expect(smallest.sort()).toEqual(['<think>', '[INST]']);
  expect(found.find(({ target }) => target === 'promise')?.key).toBe('promise: no thoughts');
  expect(found.find(({ target }) => target === 'rejection')?.message).toBe('nobody handled: lost');
  expect(told.filter(({ type }) => type === 'again').length).toBeGreaterThan(0);
  const counts = told.flatMap((message) => (message.type === 'counts' ? Object.values(message.counts) : []));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4000);
});

it('ends a thread that does not come back, names its input, and goes on behind it', async ({ task: test }) => {
  const entry = join(folder, 'thread.mjs');
  writeFileSync(
    entry,
    `import { parentPort, workerData } from 'node:worker_threads';
const words = new Int32Array(workerData.shared);
if (workerData.from === 0) {
  words[2] = 1; words[3] = 4; words[4] = 7;
  new Uint8Array(workerData.shared).set([104, 97, 110, 103], 32);
  words[0]++;
  for (;;);
}
if (workerData.from === 8) {
  words[4] = 8;
  words[0]++;
  process.exit(3);
}
parentPort.postMessage({ type: 'counts', next: workerData.to, counts: { from: workerData.from } });
parentPort.postMessage({ type: 'done' });
`,
  );
  const told: Message[] = [];
  const { shared: _shared, without: _without, ...rest } = task(20);
  await watchThread(pathToFileURL(entry), ['first', 'second'], rest, (message) => told.push(message), 2).ended;
  const [hung, ...others] = findings(told);
  expect({ ...hung, input: textOf(hung.input) }).toMatchObject({ target: 'second', key: 'second: it hangs', input: 'hang', execution: 7 });
  expect(others.map(({ key }) => key)).toEqual(['second: its thread ended']);
  expect(told).toContainEqual({ type: 'counts', next: 20, counts: { from: 9 } });
  proven(test, {
    part: 'Watchdog',
    fault: 'a fuzzing thread that never answers, and one that ends',
    happened: `both were named with their input (${others.length + 1} findings), and the run went on behind them to its last execution`,
  });
});
