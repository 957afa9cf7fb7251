/** What the filter says of nodes, as it is drawn: those that no rollout it takes passes are pale, and a bar stands over hits. */
import type { Area, Surface } from './raster.ts';
import { fillArea } from './raster.ts';

export interface NodeMarks {
  /** node -> 1 where a rollout that the filter takes passes it */
  readonly passed: Uint8Array;
  /** node -> 1 where a word of the filter stands in it; null: it has none */
  readonly hits: Uint8Array | null;
}

const listed = new WeakMap<Uint8Array, Int32Array>();

/** Nodes of [from, to) in which a word stands, ascending. Logarithmic, once the marks have been looked through. */
export function hitNodes({ hits }: NodeMarks, from: number, to: number): Int32Array {
  if (hits === null) return new Int32Array(0);
  let nodes = listed.get(hits);
  if (nodes === undefined) {
    const found: number[] = [];
    for (let n = 0; n < hits.length; n++) if (hits[n] === 1) found.push(n);
    listed.set(hits, (nodes = Int32Array.from(found)));
  }
  return nodes.subarray(firstFrom(nodes, from), firstFrom(nodes, to));
}

function firstFrom(nodes: Int32Array, node: number): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nodes[middle]! < node) low = middle + 1;
    else high = middle;
  }
  return low;
}

const HALF = 0x7f7f7f7f;
const OPAQUE = 0xff000000;

/** Three quarters ground. */
export function fadeArea({ pixels, width }: Surface, area: Area, ground: number): void {
  const half = (ground >>> 1) & HALF;
  for (let row = area.row0; row < area.row1; row++) {
    for (let at = row * width + area.column0; at < row * width + area.column1; at++) {
      const mixed = ((pixels[at]! >>> 1) & HALF) + half;
      pixels[at] = (((mixed >>> 1) & HALF) + half) | OPAQUE;
    }
  }
}

/** A bar along the top, set apart from the box by a line of ground where there is room. */
export function barArea(surface: Surface, area: Area, ink: number, ground: number, thick: number): void {
  const end = Math.min(area.row1, area.row0 + thick);
  fillArea(surface, { ...area, row1: end }, ink);
  if (area.row1 - end > 2 * thick) fillArea(surface, { ...area, row0: end, row1: end + Math.max(1, thick >> 1) }, ground);
}
