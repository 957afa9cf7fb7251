/** Which calls wait for their results, against a look at every call that waits. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Branch, Part } from '../../../../src/core/model/rollout.ts';
import { pendingCalls } from '../../../../src/core/tokens/pending.ts';

/** By the definition: of the calls that wait, the newest with the id; else the earliest of the tool; else the earliest. */
function slowly({ events }: Branch): number[] {
  const waiting: { part: Part; event: number }[] = [];
  const change = events.map(() => 0);
  events.forEach(({ parts }, event) => {
    for (const part of parts) {
      if (part.kind !== 'result') {
        waiting.push({ part, event });
        continue;
      }
      const known = part.callId === undefined ? -1 : waiting.findLastIndex((call) => call.part.callId === part.callId);
      const isOpen = (call: Part): boolean => call.callId === undefined || part.callId === undefined;
      const ofTool = waiting.findIndex((call) => isOpen(call.part) && call.part.tool !== undefined && call.part.tool === part.tool);
      const any = waiting.findIndex((call) => isOpen(call.part));
      const at = known >= 0 ? known : ofTool >= 0 ? ofTool : any;
      if (at < 0) continue;
      const [call] = waiting.splice(at, 1);
      change[call!.event]!++;
      change[event]!--;
    }
  });
  let open = 0;
  return change.map((by) => (open += by));
}

const part: fc.Arbitrary<Part> = fc
  .record({
    kind: fc.constantFrom('call' as const, 'memory' as const, 'result' as const, 'result' as const),
    callId: fc.constantFrom(undefined, undefined, '1', '2', '3'),
    tool: fc.constantFrom(undefined, 'f', 'g'),
  })
  .map(({ kind, callId, tool }) => ({
    kind,
    text: '',
    ...(callId === undefined ? {} : { callId }),
    ...(tool === undefined ? {} : { tool }),
  }));

it('are found alike', () => {
  fc.assert(
    fc.property(fc.array(fc.array(part, { maxLength: 4 }), { maxLength: 12 }), (events) => {
      const branch: Branch = { events: events.map((parts) => ({ role: 'assistant', sampled: true, parts })) };
      expect(Array.from(pendingCalls(branch))).toEqual(slowly(branch));
    }),
    { numRuns: 2000 },
  );
});
