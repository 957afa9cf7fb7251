/** Calls without their results, counted from the events alone: the check of what the open rule is meant to prevent. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { endsEvent } from './protection.ts';

/**
 * node -> calls at or above its end that lack a result where a path ends there, although some trajectory through it has
 * one further down. A result belongs to the nearest calls before it that wait, so what comes below counts where more
 * results than calls are complete on a way down; a call that is never answered is not broken. O(nodes).
 */
export function brokenCalls(forest: Forest): Int32Array {
  const { length, parent } = forest;
  // node -> calls without a result so far; results that the ways down bring for them, at most
  const waiting = new Int32Array(length);
  const coming = new Int32Array(length);
  const change = new Int8Array(length);
  for (let n = 0; n < length; n++) {
    change[n] = (endsEvent(forest, n, 'tool') ? 1 : 0) - (endsEvent(forest, n, 'result') ? 1 : 0);
    waiting[n] = Math.max(0, (parent[n] === NONE ? 0 : waiting[parent[n]]) + change[n]);
  }
  for (let n = length - 1; n >= 0; n--) {
    const p = parent[n];
    if (p !== NONE && forest.excluded?.[n] !== 1) coming[p] = Math.max(coming[p], coming[n] - change[n]);
  }
  return waiting.map((calls, n) => Math.min(calls, coming[n]));
}
