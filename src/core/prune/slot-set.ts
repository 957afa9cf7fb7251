/** Which tokens carry loss, asked node by node, where single tokens are chosen. */
import { NONE } from '../model/kinds.ts';
import type { KeptSlots, TokenLayout } from './token-layout.ts';
import type { TrainPlace, TrainSet } from './train-method.ts';

/**
 * @param factorAt slot of a kept token -> by how much its coefficient is multiplied, 0 = no loss
 * @param placeAt of a kept node's slots
 */
export function slotSet(
  { forest, placeOf, start }: TokenLayout,
  kept: KeptSlots,
  factorAt: (slot: number) => number,
  placeAt: (first: number, end: number) => TrainPlace,
): Pick<TrainSet, 'byToken' | 'trainedOf' | 'factorsOf' | 'placeOf'> {
  const firstSlot = (node: number): number => {
    const p = placeOf[node];
    return p !== NONE && kept.isKept(start[p]) ? start[p] : NONE;
  };
  return {
    byToken: true,
    placeOf(node) {
      const first = firstSlot(node);
      return first === NONE ? null : placeAt(first, start[placeOf[node] + 1]);
    },
    trainedOf(node) {
      const first = firstSlot(node);
      if (first === NONE) return 0;
      let count = 0;
      for (let slot = first; slot < start[placeOf[node] + 1]; slot++) if (factorAt(slot) > 0) count++;
      return count;
    },
    factorsOf(node, out, from) {
      const tokens = forest.edgeStart[node + 1] - forest.edgeStart[node];
      const first = firstSlot(node);
      if (first === NONE) {
        out.fill(0, from, from + tokens);
        return 0;
      }
      let count = 0;
      for (let i = 0; i < tokens; i++) {
        const factor = factorAt(first + i);
        out[from + i] = factor;
        if (factor > 0) count++;
      }
      return count;
    },
  };
}

/** The least and the largest of a run of slots. */
export function rangeOf(first: number, end: number, valueOf: (slot: number) => number): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let slot = first; slot < end; slot++) {
    low = Math.min(low, valueOf(slot));
    high = Math.max(high, valueOf(slot));
  }
  return { low, high };
}

/** What single tokens are chosen by, slot by slot. */
export interface SlotColumns {
  /** What the method says that it is worth. */
  readonly worth: Float32Array<ArrayBuffer>;
  /** Its part of the signal that "retained" counts. */
  readonly counted: Float32Array<ArrayBuffer>;
}
