/**
 * What a part of a log must be told of the whole: the few things that the scores of one task depend on in others. With it, a
 * part that holds whole tasks gives their nodes the same scores, the same order and the same train set as the whole log would.
 */
import { KINDS } from '../model/kinds.ts';
import type { FillTotals } from './whole-log.ts';

export function makeFillTotals(): FillTotals {
  return { total: new Float64Array(KINDS.length + 1), count: new Float64Array(KINDS.length + 1) };
}
