/**
 * Which boxes a window shows: the level of detail of the drawing, decided by pixel centres.
 *
 * Each pixel shows the node that holds its centre, so each row of pixels is one root-to-leaf path, and the boxes here
 * are maximal runs of pixels with one node. Where that would be more boxes than `limit`, short runs are merged into
 * boxes of at least `grain` pixels, and the answer says so.
 */
import { NONE } from '../model/kinds.ts';
import { childAt } from './spine.ts';
import type { Spine } from './spine.ts';
import type { Viewport } from './layout-tree.ts';

/** Boxes as columns, in whole pixels of the window, parents before children. Overwritten by the next `visible` into it. */
export interface Boxes {
  count: number;
  /** Nodes walked over, in all attempts. */
  visited: number;
  /** Nodes compared in binary searches along heavy paths, on top of that. */
  probed: number;
  /** No box is narrower than this, except at the end of a path. 1: every pixel shows the node at its centre. */
  grain: number;
  node: Int32Array;
  column0: Int32Array;
  column1: Int32Array;
  row0: Int32Array;
  row1: Int32Array;
  /** box -> the box to its left on the same path | NONE */
  from: Int32Array;
}

/** Nodes that the page looks at in a frame before it merges short runs; with painting that is some ten milliseconds. */
export const FRAME_LIMIT = 100_000;

export function makeBoxes(capacity = 1024): Boxes {
  const column = (): Int32Array => new Int32Array(capacity);
  return {
    count: 0,
    visited: 0,
    probed: 0,
    grain: 1,
    node: column(),
    column0: column(),
    column1: column(),
    row0: column(),
    row1: column(),
    from: column(),
  };
}

/**
 * Fills `into` with what the window shows. `minPixels`: narrowest box to try first. `limit`: nodes looked at before the
 * grain is made so coarse that even rows without anything in common come to about as much again.
 */
export function visible(spine: Spine, viewport: Viewport, into: Boxes, minPixels = 1, limit = 9_000): Boxes {
  into.visited = 0;
  into.probed = 0;
  into.grain = Math.max(1, Math.floor(minPixels));
  if (collect(spine, viewport, into, into.grain, limit)) return into;
  into.grain = Math.max(into.grain, Math.ceil((viewport.columns * viewport.rows * 8) / limit));
  collect(spine, viewport, into, into.grain, Infinity);
  return into;
}

function collect(spine: Spine, view: Viewport, into: Boxes, grain: number, limit: number): boolean {
  const { layout, node, position, pathEnd, childStart } = spine;
  const { x1, y0, y1 } = layout;
  const perColumn = view.columns / (view.right - view.left);
  const perRow = view.rows / (view.bottom - view.top);
  /** First row (column) whose centre is at or after the coordinate, within the window. */
  const rowAt = (y: number): number => clamp(Math.ceil((y - view.top) * perRow - 0.5), view.rows);
  const columnAt = (x: number): number => clamp(Math.ceil((x - view.left) * perColumn - 0.5), view.columns);
  into.count = 0;
  let visited = 0;

  // Paths still to walk: first node, first column not drawn yet, box to the left.
  const todo: number[] = [];
  /** Opens a path for every run of rows between `row` and `end` that a child of n covers. */
  const open = (n: number, row: number, end: number, cursor: number, from: number): void => {
    while (row < end) {
      const child = childAt(spine, n, view.top + (row + 0.5) / perRow);
      if (child === NONE) return; // what is free in a band is at its bottom
      todo.push(child, cursor, from);
      row = Math.max(row + 1, rowAt(y1[child]));
    }
  };
  open(layout.length, rowAt(0), rowAt(layout.height), columnAt(0), NONE);

  while (todo.length > 0) {
    let from = todo[todo.length - 1];
    let cursor = todo[todo.length - 2];
    let at = position[todo[todo.length - 3]];
    todo.length -= 3;
    const end = pathEnd[at];
    let stride = end;
    for (;;) {
      visited++;
      if (visited + into.probed > limit) {
        into.visited += visited;
        return false;
      }
      const n = node[at];
      const row0 = rowAt(y0[n]);
      const row1 = rowAt(y1[n]);
      const column1 = columnAt(x1[n]);
      const leaf = childStart[n] === childStart[n + 1];
      if (column1 - cursor >= grain || (leaf && column1 > cursor)) {
        from = addBox(into, n, cursor, column1, row0, row1, from);
        cursor = column1;
      }
      if (cursor >= view.columns || at + 1 === end) break;
      const next = node[at + 1];
      const next0 = rowAt(y0[next]);
      const next1 = rowAt(y1[next]);
      if (next0 === row0 && next1 === row1) {
        at++;
        // What makes a box at once is visited, not searched for.
        if (columnAt(x1[next]) - cursor < grain) at = skip(at);
        continue;
      }
      open(n, row0, next0, cursor, from);
      open(n, next1, row1, cursor, from);
      if (next0 >= next1) break;
      at++;

      // Behind `start`, which makes none: the first node that makes a box, or else the last one that covers the same rows. Nodes
      // of a path are of similar length more often than not: the search starts where tokens and the skip before say.
      function skip(start: number): number {
        const reaches = (p: number): boolean => {
          const on = node[p];
          into.probed++;
          return columnAt(x1[on]) - cursor >= grain || rowAt(y0[on]) !== row0 || rowAt(y1[on]) !== row1;
        };
        let low = start;
        let high = end;
        const first = x1[node[start]];
        const span = x1[node[end - 1]] - first;
        const target = view.left + (cursor + grain - 0.5) / perColumn;
        const byTokens = span > 0 ? start + Math.ceil(((end - 1 - start) * (target - first)) / span) : start;
        const guess = Math.max(start, Math.min(byTokens, start + stride, end - 1));
        let step = 1;
        if (guess > low && reaches(guess)) {
          high = guess;
          while (high - step > low && reaches(high - step)) {
            high -= step;
            step *= 2;
          }
          low = Math.max(low, high - step);
        } else {
          low = guess;
          while (low + step < end && !reaches(low + step)) {
            low += step;
            step *= 2;
          }
          high = Math.min(low + step, end);
        }
        while (high - low > 1) {
          const middle = (low + high) >>> 1;
          if (reaches(middle)) high = middle;
          else low = middle;
        }
        stride = high - start;
        if (high === end) return end - 1;
        return rowAt(y0[node[high]]) === row0 && rowAt(y1[node[high]]) === row1 ? high : low;
      }
    }
  }
  into.visited += visited;
  return true;
}

function clamp(value: number, limit: number): number {
  return value < 0 ? 0 : value > limit ? limit : value;
}

function addBox(into: Boxes, node: number, column0: number, column1: number, row0: number, row1: number, from: number): number {
  const box = into.count++;
  if (box === into.node.length) grow(into);
  into.node[box] = node;
  into.column0[box] = column0;
  into.column1[box] = column1;
  into.row0[box] = row0;
  into.row1[box] = row1;
  into.from[box] = from;
  return box;
}

function grow(boxes: Boxes): void {
  for (const name of ['node', 'column0', 'column1', 'row0', 'row1', 'from'] as const) {
    const wider = new Int32Array(boxes[name].length * 2);
    wider.set(boxes[name]);
    boxes[name] = wider;
  }
}
