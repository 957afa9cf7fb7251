/** Which logged ids end turns: a log of ids does not say, and no list of vocabularies is needed. */
import { NONE } from '../model/kinds.ts';
import type { Branch, RolloutEvent } from '../model/rollout.ts';

/** A vocabulary has few ends of turns. Where turns end with more ids than this, the log holds none. */
const MOST_ENDS = 4;

/** Whether token `at` of an event with ids is sampled. */
export function isSampledAt(event: RolloutEvent, at: number): boolean {
  return event.tokens!.mask ? event.tokens!.mask[at] === 1 : event.sampled;
}

/** The last sampled token of an event with ids, or NONE. */
export function lastSampledAt(event: RolloutEvent): number {
  for (let i = event.tokens!.ids!.length - 1; i >= 0; i--) if (isSampledAt(event, i)) return i;
  return NONE;
}

/**
 * Ids that end the turns of a branch of logged ids, each at the end of a turn that the log does not cut off and nowhere else in
 * what the policy sampled. Empty where the log has no such ids, as servers leave them out when they stop at a text. [ours]
 */
export function endsOfTurns(branch: Branch): ReadonlySet<number> {
  const ends = new Set<number>();
  const turns: { event: RolloutEvent; last: number }[] = [];
  for (const event of branch.events) {
    const last = (event.tokens?.ids?.length ?? 0) > 0 ? lastSampledAt(event) : NONE;
    if (last === NONE) continue;
    turns.push({ event, last });
    if (event.sampled && event.truncated !== true) ends.add(event.tokens!.ids![last]);
    if (ends.size > MOST_ENDS) return new Set();
  }
  for (const { event, last } of turns) for (const id of ends) if (isInside(event, id, last)) ends.delete(id);
  return ends;
}

/** Whether the event samples `id` before `last`. */
function isInside(event: RolloutEvent, id: number, last: number): boolean {
  const ids = event.tokens!.ids!;
  for (let at = indexOf(ids, id, 0); at >= 0 && at < last; at = indexOf(ids, id, at + 1)) if (isSampledAt(event, at)) return true;
  return false;
}

function indexOf(ids: ArrayLike<number>, id: number, from: number): number {
  return ids instanceof Int32Array ? ids.indexOf(id, from) : Array.prototype.indexOf.call(ids, id, from);
}
