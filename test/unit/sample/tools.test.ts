/** The tools are real: every logged result is what the call gives, and the calculator agrees with plain arithmetic. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculate, makeTasks, makeWorld, runTool, score } from '../../../scripts/sample/index.mjs';
import { callsOf, nodesOf, readEpisodes } from './read-sample.ts';

describe('calculator', () => {
  /** An expression and its value by JavaScript's own operators; NaN where a division by zero is inside. */
  const expression = fc.letrec<{ node: { text: string; value: number } }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.nat(60).map((n) => ({ text: String(n), value: n })),
      fc.tuple(tie('node'), fc.constantFrom('+', '-', '*', '/'), tie('node')).map(([a, sign, b]) => ({
        text: `(${a.text} ${sign} ${b.text})`,
        value:
          sign === '+'
            ? a.value + b.value
            : sign === '-'
              ? a.value - b.value
              : sign === '*'
                ? a.value * b.value
                : b.value === 0
                  ? NaN
                  : a.value / b.value,
      })),
    ),
  })).node;

  it('agrees with plain arithmetic', () => {
    fc.assert(
      fc.property(expression, ({ text, value }) => {
        const result = calculate(text);
        if (Number.isNaN(value)) expect(result).toEqual({ ok: false, reason: 'division by zero' });
        else expect(result.ok && Math.abs(result.value - value) <= 1e-6).toBe(true);
      }),
    );
  });

  it.each([
    ['18 * 24', 432],
    ['2 + 3 * 4', 14],
    ['20 - 5 - 5', 10],
    ['8 / 4 / 2', 1],
    ['2 * (3 + 4)', 14],
    ['10 / 3', 3.333333],
  ])('%s', (text, value) => {
    expect(calculate(text)).toEqual({ ok: true, value });
  });

  it.each(['', '18 x 24', '432 -', '(1 + 2', '1 + 2)', '1 2', '* 3', '5%', '()', '2 (3)'])('refuses %j', (text) => {
    expect(calculate(text)).toEqual({ ok: false, reason: 'malformed expression' });
  });
});

describe('the committed sample', () => {
  const world = makeWorld(0, '2');
  const tasks = new Map(makeTasks(world).map((task) => [task.key, task]));

  it('logs what each call gives', () => {
    const names = new Set<string>();
    for (const episode of readEpisodes()) {
      const memory = new Map<string, string>();
      const results = new Map<string, { content: string; error: boolean }>();
      for (const { message } of nodesOf(episode)) {
        callsOf(message).forEach((call, i) => {
          results.set(message.tool_calls![i].id, runTool(world, memory, call));
          names.add(call.name);
        });
        if (message.role === 'tool')
          expect({ content: message.content, error: message.is_error ?? false }).toEqual(results.get(message.tool_call_id ?? ''));
      }
    }
    expect([...names].sort()).toEqual(['calculator', 'memory_read', 'memory_write', 'read', 'search']);
  });

  it('shows every way in which a call can fail', () => {
    const errors = readEpisodes().flatMap((episode) =>
      nodesOf(episode)
        .filter(({ message }) => message.is_error)
        .map(({ message }) => message.content.replace(/ "[^"]*"$/, '')),
    );
    expect([...new Set(errors)].sort()).toEqual([
      'Error: division by zero',
      'Error: malformed expression',
      'Error: no note under',
      'Error: unknown document',
    ]);
  });

  it('scores the last answer', () => {
    for (const {
      task,
      traces: [trace],
    } of readEpisodes()) {
      if (trace.stop_condition === 'error') {
        expect(trace.rewards).toEqual({ correct: null, format: null });
        continue;
      }
      const scores =
        trace.stop_condition === 'answered'
          ? score(tasks.get(task.key)!, trace.nodes[trace.nodes.length - 1].message.content)
          : { correct: 0, format: 0 };
      expect({ correct: trace.rewards.correct?.score, format: trace.rewards.format?.score }).toEqual(scores);
    }
  });

  it.each([
    ['Answer: 432', 1, 1],
    ['I find 432 trees.\nAnswer: 432', 1, 1],
    ['It is 432 trees.', 1, 0],
    ['Answer: 433', 0, 1],
    ['No idea.', 0, 0],
  ])('scores %j', (text, correct, format) => {
    expect(score(tasks.get('pear-trees')!, text)).toEqual({ correct, format });
  });
});
