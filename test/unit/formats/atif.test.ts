/** Which trajectories of a record of ATIF are one rollout: each is told exactly once, whatever they refer to. */
import { expect, it } from 'vitest';
import { atif } from '../../../src/formats/atif.ts';

const CONTEXT = { name: 'a.json', path: 'a.json', index: 0, line: 1 };

/** @param to the files that it delegates to */
function trajectory(said: string, to: readonly string[] = [], more: object = {}): object {
  return {
    schema_version: 'ATIF-v1.6',
    session_id: said,
    agent: { name: 'gardener', version: '1', model_name: 'm' },
    steps: [
      { step_id: 1, source: 'user', message: 'Is the bed dry?' },
      { step_id: 2, source: 'agent', message: said },
      ...to.map((path, i) => ({
        step_id: i + 3,
        source: 'agent',
        message: '',
        tool_calls: [{ tool_call_id: `c${i}`, function_name: 'ask', arguments: {} }],
        observation: { results: [{ source_call_id: `c${i}`, subagent_trajectory_ref: [{ trajectory_path: path }] }] },
      })),
    ],
    ...more,
  };
}

/** rollout -> branch -> the first thing that the agent says in it */
function said(record: object): (string | undefined)[][] {
  return atif.decode(record, CONTEXT).map((entry) => {
    if (!entry.ok) throw new Error(entry.complaint.found);
    return entry.rollout.branches.map(({ events }) => {
      const part = events.find(({ role }) => role === 'assistant')?.parts[0];
      return part && 'text' in part ? part.text : undefined;
    });
  });
}

it('gives continuations and sub-agents as branches of the one that leads to them', () => {
  const record = {
    a: trajectory('a', ['b'], { continued_trajectory_ref: 'c' }),
    b: trajectory('b'),
    c: trajectory('c'),
    d: trajectory('d'),
  };
  expect(said(record)).toEqual([['a', 'b', 'c'], ['d']]);
});

it('tells one that two lead to once', () => {
  expect(said({ a: trajectory('a', ['c']), b: trajectory('b', ['c']), c: trajectory('c') })).toEqual([['a', 'c'], ['b']]);
});

it('leaves out none of those that only refer to each other', () => {
  const record = {
    a: trajectory('a', ['b']),
    b: trajectory('b', ['a']),
    root: trajectory('root'),
    c: trajectory('c', ['d']),
    d: trajectory('d', ['c']),
  };
  expect(said(record)).toEqual([['root'], ['a', 'b'], ['c', 'd']]);
});
