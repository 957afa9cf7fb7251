/** Where events are complete in the forest: the one way in which calls, results, memory, errors and final turns are counted. */

import { FLAG, KIND, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { isEventKind } from './protection.ts';
import type { NodeShape } from './segments.ts';
import { isClosed, nodeShape, segmentEnds } from './segments.ts';

/** Bits of `EventEnds.ending`. `pair`: a call that has its result further down. `segment`: any segment is complete. */
export const ENDS = { call: 1, pair: 2, result: 4, memory: 8, error: 16, final: 32, segment: 64 } as const;

/**
 * node -> bits of `ENDS`: events that are complete at its end. An event that forks cut into several nodes is complete at
 * each end. A memory call is a call too; a final turn is complete at its last node.
 */
export function eventEnds(forest: Forest, shape: NodeShape): Uint8Array {
  const ending = new Uint8Array(forest.length);
  const segments = segmentEnds(forest, shape);
  const turnGoesOn = new Uint8Array(forest.length);
  for (let n = forest.length - 1; n >= 0; n--) {
    if (segments[n] === 1) {
      ending[n] = ENDS.segment;
      if (isEventKind(forest, n, 'tool')) ending[n] |= isClosed(forest, n) ? ENDS.call : ENDS.call | ENDS.pair;
      if (isEventKind(forest, n, 'result')) ending[n] |= ENDS.result;
      if (isEventKind(forest, n, 'memory')) ending[n] |= ENDS.memory;
      if (isEventKind(forest, n, 'error') && forest.kind[n] !== KIND.scaffold) ending[n] |= ENDS.error;
    }
    if ((forest.flags[n] & FLAG.final) === 0) continue;
    if (turnGoesOn[n] === 0) ending[n] |= ENDS.final;
    if (forest.parent[n] !== NONE) turnGoesOn[forest.parent[n]] = 1;
  }
  return ending;
}

/** Events of the whole forest, counted as every cut counts them. */
export function countEvents(forest: Forest): { calls: number; memory: number; errors: number; finals: number } {
  const ending = eventEnds(forest, nodeShape(forest));
  const count = (bit: number): number => ending.reduce((sum, bits) => sum + ((bits & bit) === 0 ? 0 : 1), 0);
  return { calls: count(ENDS.call), memory: count(ENDS.memory), errors: count(ENDS.error), finals: count(ENDS.final) };
}
