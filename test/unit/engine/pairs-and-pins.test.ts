/** Defects that logs showed: what keeps calls with their results, and where pins land, over the whole path from a log to records. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const sample = readFileSync('public/samples/orchard.jsonl', 'utf8').split('\n').slice(0, 32).join('\n');

interface Message {
  readonly role: string;
  readonly tool_calls?: readonly unknown[];
}

/** Records in which more is called than answered before their last turn. In these episodes every call has its result. */
function unanswered(records: readonly Record<string, unknown>[]): number {
  return records.filter(({ messages }) => {
    const list = messages as readonly Message[];
    // A record ends with its last turn that trains, which may be a call.
    const calls = list.slice(0, -1).reduce((sum, message) => sum + (message.tool_calls?.length ?? 0), 0);
    return calls > list.filter(({ role }) => role === 'tool').length;
  }).length;
}

it.each([null, 1, 7, 16])('keeps every call with its result, in blocks of %s tokens', async (maxNodeTokens) => {
  const { session } = await openSession([inputFile('orchard.jsonl', sample)], { maxNodeTokens });
  for (const protect of [DEFAULT_RULE.protect, {}, { memory: { level: 'pin' } }] satisfies PruneRule['protect'][]) {
    for (const strategy of ['density', 'best-first', 'random'] as const) {
      const { orderId } = session.order({ ...DEFAULT_RULE, protect, strategy, context: 0 });
      for (const cut of [0.03, 0.1, 0.4]) {
        const budget = { cut, train: 1 };
        expect(session.keep(orderId, budget).brokenPairs).toBe(0);
        const sink = memorySink();
        await session.export(orderId, budget, exportSpec('messages'), sink, () => undefined);
        expect({ maxNodeTokens, strategy, cut, unanswered: unanswered(linesOf(sink.files.get('messages.jsonl'))) }).toMatchObject({
          unanswered: 0,
        });
      }
    }
  }
});

it('pins a summary where it is complete, not on the mark that every message begins with', async () => {
  const log = readFileSync('test/fixtures/verifiers-traces/bare-traces.jsonl', 'utf8');
  const { session } = await openSession([inputFile('bare-traces.jsonl', log)]);
  const pinned: PruneRule = { ...DEFAULT_RULE, protect: { memory: { level: 'pin' } }, context: 0 };
  const { orderId, pinnedFloor, totalCost } = session.order(pinned);
  // The summary's message and the prompt before it.
  expect(Math.round(pinnedFloor * totalCost)).toBe(35);
  const kept = session.keep(orderId, { cut: pinnedFloor, train: 1 });
  expect(kept.memory).toEqual({ before: 1, after: 1 });
  expect(kept.branches.after).toBe(1);
  expect(kept.floorUnmet).toBeNull();
  fc.assert(
    fc.property(fc.double({ min: pinnedFloor, max: 1, noNaN: true }), (cut) => {
      expect(session.keep(orderId, { cut, train: 1 }).memory.after).toBe(1);
    }),
  );
});
