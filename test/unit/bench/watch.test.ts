/** What the benchmark of the page says of a trace. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeMessageLog } from '../../bench/data/message-log.ts';
import { tasksOf } from '../../bench/page/watch.ts';

const MS = 1000;
const task = (ts: number, dur: number, tdur: number, tid = 1) => ({
  name: 'RunTask',
  ph: 'X',
  pid: 7,
  tid,
  ts,
  dur: dur * MS,
  tdur: tdur * MS,
});

it('tells the longest task of the page by the clock and by processor time, and how many are long', () => {
  const events = [
    task(10, 900, 900),
    { name: 'espalier-bench', ph: 'R', pid: 7, tid: 1, ts: 100 },
    task(200, 60, 12),
    { name: 'Layout', ph: 'X', pid: 7, tid: 1, ts: 300, dur: 5 * MS },
    task(100_000, 55, 52),
    { name: 'Layout', ph: 'X', pid: 7, tid: 1, ts: 101_000, dur: 9 * MS },
    task(200_000, 300, 300, 2),
    { ...task(300_000, 400, 400), pid: 8 },
  ];
  const { steps, ...cost } = tasksOf(events);
  expect(cost).toEqual({ clock: 60, cpu: 52, total: 64, longByClock: 2, longByCpu: 1, worst: { ts: 100_000, dur: 55 * MS } });
  expect(steps).toEqual([
    ['RunTask', 55],
    ['Layout', 9],
  ]);
  expect(() => tasksOf(events.slice(0, 1))).toThrow('lacks the mark');
});

it('generates the same log for the same seed, with as many messages as asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  const shape = { rollouts: 30, messages: 12, tasks: 4, words: 3, firstTask: 0.5 };
  const write = (name: string, seed: number): string => {
    writeMessageLog(join(folder, name), shape, seed);
    return readFileSync(join(folder, name), 'utf8');
  };
  const text = write('a', 5);
  expect(write('b', 5)).toBe(text);
  expect(write('c', 6)).not.toBe(text);
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly task_id: string; readonly messages: readonly { readonly role: string }[] });
  expect(records).toHaveLength(30);
  // A turn more where a call and its result come last.
  for (const { messages } of records) expect(Math.abs(messages.length - 12)).toBeLessThanOrEqual(1);
  expect(records.filter(({ task_id: task }) => task === 'task-0').length).toBeGreaterThan(10);
});
