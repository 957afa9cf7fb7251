import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part, Rollout, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { makeBatchWriter } from '../../../../src/core/tokens/batch-writer.ts';
import { packBranchEnds, unpackBranchEnds } from '../../../../src/core/tokens/event-ends.ts';
import { tokeniseRollout } from '../../../../src/core/tokens/tokenise.ts';
import { makeTokeniseCounts, type Tokenisation } from '../../../../src/core/tokens/tokenisation.ts';
import { IM_END } from '../../../../src/core/tokens/template.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('packs the ends of each branch into text and gives them back', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.array(int32), fc.array(fc.nat(5000)))), (branches) => {
      const text = packBranchEnds(
        branches.map(({ length }) => length),
        Int32Array.from(branches.flat()),
      );
      expect(unpackBranchEnds(text).map((ends) => [...ends])).toEqual(branches);
      expect(Buffer.byteLength(text)).toBe(text.length);
    }),
  );
  expect(unpackBranchEnds('')).toEqual([]);
});

it('takes a character or two for an event', () => {
  const ends = Int32Array.from({ length: 1000 }, (_, i) => 40 * i);
  expect(packBranchEnds([1000], ends).length).toBeLessThanOrEqual(2003);
});

const encode = (words: string): number[] => Array.from(words, (character) => character.charCodeAt(0));
const text = fc.string({ maxLength: 12 });
const part = (kind: Part['kind']): fc.Arbitrary<Part> =>
  text.map((words) => (kind === 'call' ? { kind, text: words, tool: 'search' } : { kind, text: words }));
const spelled: fc.Arbitrary<RolloutEvent> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), sampled: fc.constant(false), parts: fc.array(part('user'), { maxLength: 3 }) }),
  fc.record({
    role: fc.constant('assistant' as const),
    sampled: fc.boolean(),
    parts: fc.array(fc.oneof(part('thinking'), part('text'), part('call')), { maxLength: 3 }),
  }),
  fc.record({ role: fc.constant('tool' as const), sampled: fc.constant(false), parts: fc.array(part('result'), { maxLength: 2 }) }),
);
const logged: fc.Arbitrary<RolloutEvent> = fc.tuple(spelled, fc.array(fc.nat(200), { maxLength: 5 })).map(([event, ids]) => ({
  ...event,
  tokens: { ids },
}));
const branches = fc.array(fc.oneof(fc.array(spelled, { maxLength: 6 }), fc.array(logged, { maxLength: 6 })), {
  minLength: 1,
  maxLength: 3,
});

/** By the end mark that closes each message, which text cannot spell; by the number of ids where they are logged. */
function slowEnds(events: readonly RolloutEvent[], tokens: Int32Array): number[] {
  if (!events.some((event) => event.parts.length > 0 || (event.tokens?.ids?.length ?? 0) > 0)) return events.map(() => 0);
  if (events.every((event) => event.tokens))
    return events.map((_, k) => events.slice(0, k + 1).reduce((sum, event) => sum + (event.tokens?.ids?.length ?? 0), 0));
  const ends: number[] = [];
  tokens.forEach((id, i) => void (id === IM_END && ends.push(i + 1)));
  return ends;
}

it('finds where every event of every branch ends', () => {
  fc.assert(
    fc.property(branches, (lists) => {
      const rollout: Rollout = { id: 'r', task: 't', reward: null, branches: lists.map((events) => ({ events })) };
      const tokenisation: Tokenisation = {
        tokenizer: { name: 'characters', encode, bytes: () => null },
        encode,
        template: null,
        isMemory: () => false,
        maxNodeTokens: 3,
        counts: makeTokeniseCounts(),
        tried: { found: 0, missed: 0 },
      };
      const writer = makeBatchWriter();
      const found = tokeniseRollout(writer, rollout, 0, tokenisation);
      const batch = writer.finish();
      const wanted = lists.flatMap((events, branch) => {
        const t = batch.trajectoryBranch.indexOf(branch);
        return slowEnds(events, batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1]));
      });
      expect([...found]).toEqual(wanted);
    }),
  );
});
