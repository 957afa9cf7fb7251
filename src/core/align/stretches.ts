/**
 * Long lists, aligned stretch by stretch [ours]: each stretch of both at the least cost (`align`), of which the first half is kept, and the
 * next one begins where that ends. Time and space grow with the length, and not with its square; where stretches meet, the cost may be
 * more than the least of all. Lists that fit into one stretch are aligned as ever. Equal beginnings and ends are paired first.
 */
import { NONE } from '../model/kinds.ts';
import { align, ALONE, pairCost, type AlignedList, type Alignment, type AlignOptions } from './align.ts';

export interface StretchedAlignment extends Alignment {
  /** More than one stretch was needed. */
  readonly inStretches: boolean;
}

/** @param most entries of each list in a stretch, at least 2 */
export async function alignInStretches(
  a: AlignedList,
  b: AlignedList,
  most: number,
  { breathe = () => null, block }: AlignOptions = {},
): Promise<StretchedAlignment> {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.identity[start] === b.identity[start]) start++;
  let ending = 0;
  while (ending < shorter - start && a.identity[a.length - 1 - ending] === b.identity[b.length - 1 - ending]) ending++;
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < start; i++) [left[i], right[i]] = [i, i];
  const [endA, endB] = [a.length - ending, b.length - ending];
  let [i, j] = [start, start];
  let stretches = 0;
  while (i < endA || j < endB) {
    const [toA, toB] = [Math.min(endA, i + most), Math.min(endB, j + most)];
    const isLast = toA === endA && toB === endB;
    const before = (i + j) / Math.max(1, endA + endB);
    const share = (toA - i + toB - j) / Math.max(1, endA + endB);
    const found = await align(part(a, i, toA), part(b, j, toB), {
      // Of all, in a number of its own: stretches are no cells.
      breathe: (done, total) => breathe(before + (share * done) / Math.max(1, total), 1),
      ...(block === undefined ? {} : { block }),
    });
    const [fromA, fromB] = [i, j];
    for (let at = 0; at < found.left.length; at++) {
      // Enough is known of what follows up to the middle of a stretch.
      if (!isLast && (i - fromA >= most >> 1 || j - fromB >= most >> 1)) break;
      left.push(found.left[at] === NONE ? NONE : fromA + found.left[at]);
      right.push(found.right[at] === NONE ? NONE : fromB + found.right[at]);
      if (found.left[at] !== NONE) i++;
      if (found.right[at] !== NONE) j++;
    }
    stretches++;
  }
  for (let k = ending; k > 0; k--) {
    left.push(a.length - k);
    right.push(b.length - k);
  }
  let cost = 0;
  for (let at = 0; at < left.length; at++) cost += left[at] === NONE || right[at] === NONE ? ALONE : pairCost(a, left[at], b, right[at]);
  return { left: Int32Array.from(left), right: Int32Array.from(right), cost, inStretches: stretches > 1 };
}

function part({ identity, group, sketches }: AlignedList, from: number, to: number): AlignedList {
  return {
    length: to - from,
    identity: identity.subarray(from, to),
    group: group.subarray(from, to),
    sketches: { ...sketches, low: sketches.low.subarray(from, to), high: sketches.high.subarray(from, to) },
  };
}
