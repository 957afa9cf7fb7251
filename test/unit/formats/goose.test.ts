/** Sessions of Goose in which the model no longer sees all that was said. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { goose } from '../../../src/formats/goose.ts';
import type { JsonObject } from '../../../src/formats/json.ts';
import { asLines } from '../../../src/formats/together.ts';

const CONTEXT = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };

const message = (role: string, block: object, userVisible = true, agentVisible = true): JsonObject => ({
  role,
  created: 1772614800,
  content: [block],
  metadata: { userVisible, agentVisible },
});
const text = (words: string): object => ({ type: 'text', text: words });
const summary = (words: string): JsonObject => message('user', text(words), false);
const pair = (id: string, isSeen: boolean): JsonObject[] => [
  message('assistant', { type: 'toolRequest', id, toolCall: { value: { name: 'look', arguments: { at: id } } } }, true, isSeen),
  message('user', { type: 'toolResponse', id, toolResult: { value: [text(`result ${id}`)] } }, true, isSeen),
];
const hidden = (given: JsonObject): JsonObject => ({ ...given, metadata: { userVisible: true, agentVisible: false } });

/** Of each branch what it says, with a mark at what the model wrote. */
function read(messages: readonly JsonObject[]): unknown {
  const { rollouts, faults } = goose.together!(asLines(messages), CONTEXT);
  expect(faults).toEqual([]);
  return rollouts.map((entry) =>
    entry.ok
      ? entry.rollout.branches.map(({ events }) =>
          events.map(({ sampled, parts }) => `${sampled ? '*' : ''}${parts.map((part) => part.text).join()}`),
        )
      : entry.complaint,
  );
}

it('reads a summary of a call in its place, wherever behind it the log has it', () => {
  const [asked, answered] = [message('user', text('q')), message('assistant', text('a'))];
  const told = (id: string): string => `sum ${id}`;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }), (count, delays) => {
      const ids = Array.from({ length: count }, (_, i) => `c${i}`);
      const log = [asked, ...ids.flatMap((id) => pair(id, false)), ...pair('last', true)];
      // The oldest is told first; each behind the one before it.
      let at = 0;
      for (const [i, id] of ids.entries()) {
        at = Math.min(
          log.length,
          Math.max(at + 1, log.findIndex((each) => JSON.stringify(each).includes(`result ${id}`)) + 1 + (delays[i] ?? 0)),
        );
        log.splice(at, 0, summary(told(id)));
      }
      const call = (id: string): string[] => [`*{"at":"${id}"}`, `result ${id}`];
      const ended = ids.map((id, i) => ['q', ...ids.slice(0, i).map(told), ...call(id)]);
      expect(read([...log, answered])).toEqual([[...ended, ['q', ...ids.map(told), ...call('last'), '*a']]]);
    }),
  );
});

it('begins anew with a summary of all that was before, once nothing of that is seen', () => {
  const before = [message('user', text('q')), ...pair('c', true)];
  const canned = message('assistant', text('Go on.'), false);
  const said = message('assistant', text('a'));
  const call = ['*{"at":"c"}', 'result c'];
  expect(read([...before.map(hidden), summary('s'), canned, said])).toEqual([
    [
      ['q', ...call],
      ['s', 'Go on.', '*a'],
    ],
  ]);
  // One that is told while all is seen takes the place of nothing.
  expect(read([...before, summary('s'), said])).toEqual([[['q', ...call, 's', '*a']]]);
  expect(read([hidden(before[0]!), ...before.slice(1), summary('s'), said])).toEqual([[['q', ...call, 's', '*a']]]);
});
