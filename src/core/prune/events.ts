/** Where events are complete in the forest: the one way in which calls, results, memory, errors and final turns are counted. */

import type { Forest } from '../model/forest.ts';
import { endsEvent } from './protection.ts';
import { isClosed } from './segments.ts';

/** Bits of `EventEnds.ending`. `pair`: a call that has its result further down. `segment`: any segment is complete. */
export const ENDS = { call: 1, pair: 2, result: 4, memory: 8, error: 16, final: 32, segment: 64 } as const;

/**
 * node -> bits of `ENDS`: events that are complete at its end in at least one trajectory, so that each event of the log
 * counts once, where it is complete, however many nodes it is cut into. A memory call is a call too.
 */
export function eventEnds(forest: Forest): Uint8Array {
  const ending = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    if (forest.endings[n] === 0) continue;
    ending[n] = ENDS.segment;
    if (endsEvent(forest, n, 'tool')) ending[n] |= isClosed(forest, n) ? ENDS.call : ENDS.call | ENDS.pair;
    if (endsEvent(forest, n, 'result')) ending[n] |= ENDS.result;
    if (endsEvent(forest, n, 'memory')) ending[n] |= ENDS.memory;
    if (endsEvent(forest, n, 'error')) ending[n] |= ENDS.error;
    if (endsEvent(forest, n, 'final')) ending[n] |= ENDS.final;
  }
  return ending;
}

/** Events of the whole forest, counted as every cut counts them. */
export function countEvents(forest: Forest): { calls: number; memory: number; errors: number; finals: number } {
  const ending = eventEnds(forest);
  const count = (bit: number): number => ending.reduce((sum, bits) => sum + ((bits & bit) === 0 ? 0 : 1), 0);
  return { calls: count(ENDS.call), memory: count(ENDS.memory), errors: count(ENDS.error), finals: count(ENDS.final) };
}
