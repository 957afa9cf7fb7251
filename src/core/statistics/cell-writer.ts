/** Writes ratios rollout by rollout, where each has an entry in a few of many cells. */
import { makeGrowable, push } from '../../base/growable.ts';
import type { Ratios } from './ratios.ts';

export interface CellWriter {
  /** Adds to a cell of a rollout; rollouts must not go back. */
  add(rollout: number, cell: number, top: number, below: number): void;
  /** Nothing may be added afterwards. @param whole rollout -> what is added below every cell */
  finish(cells: number, whole?: Float64Array): Ratios;
}

export function makeCellWriter(rollouts: number): CellWriter {
  const start = new Int32Array(rollouts + 1);
  const cell = makeGrowable(Int32Array);
  const top = makeGrowable(Float64Array);
  const below = makeGrowable(Float64Array);
  const held = new Map<number, [number, number]>();
  let current = 0;
  const close = (upTo: number): void => {
    for (const [at, [a, b]] of [...held].sort(([one], [other]) => one - other)) {
      push(cell, at);
      push(top, a);
      push(below, b);
    }
    held.clear();
    start.fill(cell.length, current + 1, upTo + 1);
    current = upTo;
  };
  return {
    add(rollout, at, a, b) {
      if (rollout !== current) close(rollout);
      const sums = held.get(at);
      if (sums === undefined) held.set(at, [a, b]);
      else {
        sums[0] += a;
        sums[1] += b;
      }
    },
    finish(cells, whole) {
      close(rollouts);
      const part = { start, cell: cell.data.slice(0, cell.length), top: top.data.slice(0, top.length) };
      return { cells, ...part, below: below.data.slice(0, below.length), whole: whole ?? null };
    },
  };
}
