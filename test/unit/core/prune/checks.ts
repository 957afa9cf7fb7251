/** Whether a cut holds together, looked up in the forest's own flags without the machinery that is meant to ensure it. */
import { NONE } from '../../../../src/core/model/kinds.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import type { Cut } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import type { PruneOrder } from '../../../../src/core/prune/order.ts';
import { isClosed } from '../../../../src/core/prune/segments.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';

/** Kept nodes at a budget in tokens, as a string of node numbers. */
export function keptAt(problem: PruneProblem, tokens: number): string {
  const order = planOrder(problem);
  const kept = keepMask(problem.forest, order, cutAt(order, tokens / order.totalCost));
  return [...kept.keys()].filter((n) => kept[n] === 1).join(' ');
}

/** Kept nodes at which a kept path ends although an event or a call with its result goes on there. */
export function brokenPairs(forest: Forest, order: PruneOrder, cut: Cut): Int32Array {
  const kept = keepMask(forest, order, cut);
  const broken: number[] = [];
  const goesOn = new Uint8Array(forest.length);
  for (let n = forest.length - 1; n >= 0; n--) {
    if (kept[n] === 0) continue;
    if (goesOn[n] === 0 && !isClosed(forest, n)) broken.push(n);
    if (forest.parent[n] !== NONE) goesOn[forest.parent[n]] = 1;
  }
  return Int32Array.from(broken).toReversed();
}

/** Kept nodes whose parent is dropped. */
export function orphanNodes(forest: Forest, order: PruneOrder, cut: Cut): Int32Array {
  const kept = keepMask(forest, order, cut);
  const orphans: number[] = [];
  for (let n = 0; n < forest.length; n++) {
    const p = forest.parent[n];
    if (kept[n] === 1 && p !== NONE && kept[p] === 0) orphans.push(n);
  }
  return Int32Array.from(orphans);
}
