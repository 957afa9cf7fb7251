/** Decisions of the sample against its own records, and words of steps that hostile logs may write. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DecisionWay, ForkAnswer } from '../../../../src/engine/answers/decisions.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { wordsOf } from '../../../../src/engine/decisions/step-text.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

let session: Session;
beforeAll(async () => {
  ({ session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]));
});

const call = (name: string, args: unknown) => ({ function: { name, arguments: JSON.stringify(args) } });
const rollout = (reward: number | undefined, ...calls: ReturnType<typeof call>[]) => ({
  messages: [
    { role: 'user', content: 'Count the pears.' },
    ...calls.flatMap((each, at) => [
      { role: 'assistant', content: '', tool_calls: [{ id: `c${at}`, type: 'function', ...each }] },
      { role: 'tool', tool_call_id: `c${at}`, content: 'ok' },
    ]),
    { role: 'assistant', content: 'Done.' },
  ],
  ...(reward === undefined ? {} : { reward }),
});
const open = (records: readonly unknown[]) =>
  openSession([inputFile('a.jsonl', `${records.map((record) => JSON.stringify(record)).join('\n')}\n`)]);

describe('the decisions of a task', () => {
  it('lead from the beginning to ends, and count every rollout', () => {
    for (const [task, rollouts] of session.tasks().rollouts.entries()) {
      const pending: DecisionWay[] = [session.beginning(task)];
      expect(pending[0]?.rollouts).toBe(rollouts);
      let forks = 0;
      for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
        if (way.ways === 0) continue;
        const fork: ForkAnswer = session.fork(task, way.fork, 1000)!;
        forks++;
        expect(fork.ways).toHaveLength(way.ways);
        expect(fork.all.rollouts).toBe(way.rollouts);
        expect(fork.ways.reduce((sum, next) => sum + next.rollouts, 0)).toBeGreaterThanOrEqual(way.rollouts);
        pending.push(...fork.ways);
      }
      expect(session.splits(task, 10).forkCount).toBe(forks);
    }
  });
  it('are read with first words of arguments', async () => {
    const { fork } = session.beginning(0);
    const { ways } = session.fork(0, fork, 3)!;
    expect(await session.stepTexts(ways.map(({ step }) => step!.key))).toEqual([
      { words: 'Lower Fold pear trees', isCut: false },
      { words: 'Amberlisk yield', isCut: false },
      { words: 'Amberlisk pears per tree', isCut: false },
    ]);
    expect(await session.stepTexts(['0123456789abcdef'])).toEqual([null]);
  });
  it('are told apart in a log drawn by hand', async () => {
    const look = call('look', { at: 'trees' });
    const { session: small } = await open([
      rollout(1, look, call('count', { rows: 3 })),
      rollout(1, look, call('count', { rows: 3 })),
      rollout(0, look, call('guess', {})),
      rollout(0, look, call('guess', {})),
      rollout(undefined, look, call('guess', {})),
      rollout(1, look),
    ]);
    const beginning = small.beginning(0);
    expect(beginning).toMatchObject({ rollouts: 6, known: 5, unknown: 1, mean: 0.6, runLength: 1, ways: 3 });
    const fork = small.fork(0, beginning.fork, 2)!;
    expect(fork).toMatchObject({
      method: 'wilson',
      level: 1,
      wayCount: 3,
      several: 0,
      ways: [
        { rollouts: 3, known: 2, unknown: 1, mean: 0, step: { label: 'guess' }, runLength: 0, ways: 0, representative: { reward: 0 } },
        { rollouts: 2, known: 2, unknown: 0, mean: 1, step: { label: 'count' } },
      ],
      others: { rollouts: 1, mean: 1 },
    });
    // One way has a single reward: it is left out. Of 5 rewards with squares 1.2, 1 is between the others, less a noise of 0.15.
    const { rows, ...counts } = small.splits(0, 10);
    expect(counts).toEqual({ method: 'wilson', forkCount: 1, rankedCount: 1, rollouts: 6, known: 5 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ level: 1, wayCount: 3, pooled: 1, best: { mean: 1, rollouts: 2 }, worst: { mean: 0, rollouts: 3 } });
    expect(rows[0]?.share).toBeCloseTo(0.85 / 1.2, 12);
    expect(rows[0]?.shareOfLog).toBe(rows[0]?.share);
    expect(small.fork(0, '0123456789abcdef', 2)).toBeNull();
  });
});

describe('words of a step', () => {
  it('are the arguments on one line', () => {
    const words = (text: string) => wordsOf({ kind: 'call', text }).words;
    expect(words('{"command":"ls\\n  -la"}')).toBe('ls -la');
    expect(words('{"path":"/a","lines":[1,2]}')).toBe('path: /a, lines: [1,2]');
    expect(words('{}')).toBe('');
    expect(words('no json')).toBe('no json');
    expect(words('[1]')).toBe('[1]');
  });
  it('are cut, and say so', () => {
    expect(wordsOf({ kind: 'call', text: JSON.stringify({ a: 'x'.repeat(500) }) })).toEqual({ words: 'x'.repeat(200), isCut: true });
    expect(wordsOf({ kind: 'text', text: '😀'.repeat(300) })).toEqual({ words: '😀'.repeat(100), isCut: true });
    expect(wordsOf({ kind: 'text', text: ' a\u0000 b ' })).toEqual({ words: 'a\u0000 b', isCut: false });
  });
});
