import { expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import { countKept, summarize } from '../../../../src/core/prune/counters.ts';
import { cutAt } from '../../../../src/core/prune/cut.ts';
import { countEvents, ENDS, eventEnds } from '../../../../src/core/prune/events.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { problemOf } from './forests.ts';
import type { NodeSpec } from './forests.ts';

/** A turn of thinking and a call that forks inside, one result that fails, and two final turns. */
const nodes: readonly NodeSpec[] = [
  { parent: NONE, kind: 'user' },
  { parent: 0, kind: 'call', flags: FLAG.sampled | FLAG.open },
  { parent: 1, kind: 'call', flags: FLAG.sampled | FLAG.open },
  { parent: 2, kind: 'result', flags: FLAG.error },
  { parent: 3, kind: 'thinking', flags: FLAG.sampled | FLAG.open | FLAG.final },
  { parent: 4, kind: 'text', flags: FLAG.sampled | FLAG.final },
  { parent: 1, kind: 'call', flags: FLAG.sampled | FLAG.open },
  { parent: 6, kind: 'memory', flags: FLAG.sampled | FLAG.final },
];

it('counts an event where it is complete, at each end that forks give it', () => {
  const { forest } = problemOf(nodes);
  const ending = eventEnds(forest);
  const names = Object.keys(ENDS) as (keyof typeof ENDS)[];
  expect([...ending].map((bits) => names.filter((name) => (bits & ENDS[name]) !== 0).join(' '))).toEqual([
    'segment',
    '',
    'call pair segment',
    'result error segment',
    'segment',
    'final segment',
    'call pair segment',
    'call memory final segment',
  ]);
});

it('gives the whole forest the counts that a cut of everything has', () => {
  const problem = problemOf(nodes);
  const order = planOrder(problem);
  const { counts } = summarize(order, countKept(problem.forest, order), cutAt(order, 1));
  const { calls, memory, errors, finals } = countEvents(problem.forest);
  expect({ calls, memory, errors, finals }).toEqual({ calls: 3, memory: 1, errors: 1, finals: 2 });
  expect({ calls, memory, errors, finals }).toEqual({
    calls: counts.calls.kept,
    memory: counts.memory.kept,
    errors: counts.errors.kept,
    finals: counts.finals.kept,
  });
});
