/** Which tokens carry loss, asked node by node, where single tokens are chosen. */
import { NONE } from '../model/kinds.ts';
import type { KeptSlots, TokenLayout } from './token-layout.ts';
import type { TrainSet } from './train-method.ts';

/** @param factorAt slot of a kept token -> by how much its coefficient is multiplied, 0 = no loss */
export function slotSet(
  { forest, placeOf, start }: TokenLayout,
  kept: KeptSlots,
  factorAt: (slot: number) => number,
): Pick<TrainSet, 'byToken' | 'trainedOf' | 'factorsOf'> {
  const firstSlot = (node: number): number => {
    const p = placeOf[node];
    return p !== NONE && kept.isKept(start[p]) ? start[p] : NONE;
  };
  return {
    byToken: true,
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
