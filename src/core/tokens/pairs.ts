/** Which result answers which call of a branch: pairs of parts. */
import { NONE } from '../model/kinds.ts';
import type { Branch } from '../model/rollout.ts';
import { WaitingCalls } from './pending.ts';

/**
 * part (numbered over the branch's events) -> the part that answers it or that it answers, or NONE. A result belongs to the call
 * that `pendingCalls` holds open for it.
 */
export function pairParts({ events }: Branch): Int32Array<ArrayBuffer> {
  const waiting = new WaitingCalls();
  const partner = new Int32Array(events.reduce((sum, { parts }) => sum + parts.length, 0)).fill(NONE);
  let at = 0;
  for (const { parts } of events) {
    for (const part of parts) {
      if (part.kind === 'call' || part.kind === 'memory') waiting.add(part, at);
      else if (part.kind === 'result') {
        const call = waiting.take(part);
        if (call !== undefined) {
          partner[at] = call.place;
          partner[call.place] = at;
        }
      }
      at++;
    }
  }
  return partner;
}
