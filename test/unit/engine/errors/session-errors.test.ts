/** The study of errors: its figures on a small log, counted by hand. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ErrorsAsked } from '../../../../src/engine/answers/errors.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const turn = (i: number, at: number, content: string) => [
  {
    role: 'assistant',
    content: 'I look.',
    tool_calls: [{ id: `c${i}`, type: 'function', function: { name: 'put', arguments: `{"at":${at}}` } }],
  },
  { role: 'tool', tool_call_id: `c${i}`, content },
];
const record = (id: string, turns: readonly object[]) =>
  `${JSON.stringify({ id, messages: [{ role: 'user', content: id }, ...turns, { role: 'assistant', content: 'Done.' }] })}\n`;
// Of a: turn 1 fails and is corrected by turn 3; turn 2 fails as the same call again. Of b: all is well.
const LOG = record('a', [...turn(1, 1, 'Error: no'), ...turn(2, 1, 'Error: no'), ...turn(3, 2, 'put')]) + record('b', turn(1, 5, 'put'));
const ASKED: ErrorsAsked = { errorRules: 'all', corrections: 'recovery', correctedWithin: 3, of: null };

it('counts turns, rollouts, corrections and overlaps of each rule', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const answer = await session.errors(ASKED);
  expect(answer).toMatchObject({
    turns: { all: 6, hit: 2 },
    rollouts: { all: 2, hit: 1 },
    withoutMessages: 0,
    unread: null,
    tools: ['put'],
  });
  const of = (id: string) => answer.rules.findIndex((rule) => rule.id === id);
  expect(answer.rules[of('reported')]).toMatchObject({
    isOn: true,
    turns: 2,
    alone: 1,
    corrected: 2,
    rollouts: 1,
    takes: { turns: 2, rollouts: 1 },
  });
  expect(answer.rules[of('repeated-call')]).toMatchObject({ turns: 1, alone: 0, corrected: 1, rollouts: 1, takes: { turns: 1 } });
  expect(answer.overlap[of('reported')][of('repeated-call')]).toBe(1);
  expect(answer.loss.takes).toMatchObject({ turns: 2, rollouts: 1 });
  const { hits } = answer;
  expect(hits.length).toBe(3);
  expect(Array.from(hits.turn)).toEqual([1, 2, 2]);
  expect(Array.from(hits.correctedBy)).toEqual([3, 3, 3]);
  expect(Array.from(hits.masked)).toEqual([1, 1, 1]);
  // Two turns of four calls and a last word: their tokens are alike.
  const { takes, tokens } = answer.loss;
  expect(tokens - takes.tokens).toBeGreaterThan(takes.tokens);
});

it('follows the switches and the turns within which a correction counts', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const near = await session.errors({ ...ASKED, correctedWithin: 1, corrections: 'keep' });
  expect(Array.from(near.hits.correctedBy)).toEqual([0, 3, 3]);
  expect(Array.from(near.hits.masked)).toEqual([1, 0, 0]);
  const few = await session.errors({ ...ASKED, errorRules: 'repeated-call' });
  expect(few.turns.hit).toBe(1);
  expect(Array.from(few.hits.masked)).toEqual([0, 1, 1]);
  expect(few.rules.filter(({ isOn }) => isOn).map(({ id }) => id)).toEqual(['repeated-call']);
});

it('counts the loss of a budget, and no more than that', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const all = await session.errors({ ...ASKED, of: { orderId, budget: { cut: 1, train: 1 } } });
  expect(all.loss).toEqual((await session.errors(ASKED)).loss);
  const none = await session.errors({ ...ASKED, of: { orderId, budget: { cut: 0, train: 1 } } });
  expect(none.loss).toEqual({ tokens: 0, takes: { turns: 0, rollouts: 0, tokens: 0 } });
  expect(none.turns).toEqual(all.turns);
});

it('says of a branch what its turns are', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const { keys } = session.rollouts();
  expect(await session.turnErrors(keys[1], 0, ASKED)).toEqual([]);
  expect(await session.turnErrors(keys[0], 0, ASKED)).toMatchObject([
    { event: 1, turn: 1, isMasked: true, rules: [{ label: 'Reported error', tool: 'put', correctedBy: 3 }] },
    { event: 3, turn: 2, isMasked: true, rules: [{ label: 'Reported error' }, { label: 'Repeated call' }] },
  ]);
  expect(await session.turnErrors('0123456789abcdef', 0, ASKED)).toBeNull();
});

it('ends when it is told to', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const asked = session.errors(ASKED);
  session.stopStudy('errors');
  await expect(asked).rejects.toThrow(/abort/i);
});
