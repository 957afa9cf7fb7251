/** Which calls of a branch wait for their results, event by event: what a cut must not separate. */
import type { Branch, Part } from '../model/rollout.ts';

/**
 * event -> calls made at or before it whose result lies in a later event of the branch. A result belongs to the call
 * with its id; where either has none, to the earliest call of the same tool (or of any tool) that still waits.
 */
export function pendingCalls(branch: Branch): Int32Array {
  const waiting: { part: Part; event: number }[] = [];
  const change = new Int32Array(branch.events.length + 1);
  branch.events.forEach((event, index) => {
    for (const part of event.parts) {
      if (part.kind === 'call' || part.kind === 'memory') waiting.push({ part, event: index });
      else if (part.kind === 'result') {
        const at = findCall(waiting, part);
        if (at < 0) continue;
        const call = waiting[at];
        waiting.splice(at, 1);
        change[call.event]++;
        change[index]--;
      }
    }
  });
  const pending = new Int32Array(branch.events.length);
  let open = 0;
  for (let event = 0; event < pending.length; event++) pending[event] = open += change[event];
  return pending;
}

function findCall(waiting: readonly { part: Part; event: number }[], result: Part): number {
  if (result.callId !== undefined) {
    // Newest first: some harnesses reuse ids.
    for (let i = waiting.length - 1; i >= 0; i--) if (waiting[i].part.callId === result.callId) return i;
  }
  const anonymous = (call: Part): boolean => call.callId === undefined || result.callId === undefined;
  const sameTool = waiting.findIndex(({ part }) => anonymous(part) && part.tool !== undefined && part.tool === result.tool);
  return sameTool >= 0 ? sameTool : waiting.findIndex(({ part }) => anonymous(part));
}
