/** Which logged ids end turns: a log of ids does not say, and no list of vocabularies is needed. */
import { indexOfNumber } from '../../base/find-number.ts';
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
  const { ids, mask } = event.tokens!;
  const length = ids!.length;
  if (mask === undefined) return event.sampled ? length - 1 : NONE;
  if (mask instanceof Uint8Array) return length === 0 ? NONE : mask.lastIndexOf(1, length - 1);
  for (let i = length - 1; i >= 0; i--) if (mask[i] === 1) return i;
  return NONE;
}

/** Where the tokens end that are sampled as token `from` of the event is: at `limit` at the latest. */
export function runEnd(event: RolloutEvent, from: number, limit: number): number {
  const { mask } = event.tokens!;
  if (mask === undefined) return limit;
  if (mask[from] === 1) return endOfOnes(mask, from + 1, limit);
  const next = indexOfNumber(mask, 1, from + 1, limit);
  return next < 0 ? limit : next;
}

function endOfOnes(mask: ArrayLike<number>, from: number, limit: number): number {
  let at = from;
  while (at < limit && mask[at] === 1) at++;
  return at;
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
  for (let at = indexOfNumber(ids, id); at >= 0 && at < last; at = indexOfNumber(ids, id, at + 1)) if (isSampledAt(event, at)) return true;
  return false;
}
