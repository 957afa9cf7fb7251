/** The runs of all parts as one: rows that lie on disk, merged by the best of the parts' next ones. */
import { runSlice, type Run } from '../../core/prune/run.ts';
import type { MakeSpill, Spill } from './spill.ts';

/** Rows of a run that are in memory at a time. */
const CHUNK = 1 << 14;

/** @returns where the rows of a run lie, in pieces */
export function spillRun(run: Run, makeSpill: MakeSpill, name: string): Spill<Run> {
  const spill = makeSpill<Run>(name);
  for (let from = 0; from < run.key.length; from += CHUNK) spill.add(runSlice(run, from, from + CHUNK));
  return spill;
}

/** Rows that lie somewhere, to be read as often as one likes. */
export type RunReader = Pick<Spill<Run>, 'read' | 'drop'>;

/** Takes a row of a part. @returns whether it wants another one */
export type TakeRow = (part: number, run: Run, row: number) => boolean | Promise<boolean>;

interface Cursor {
  readonly part: number;
  readonly chunks: AsyncIterator<Run>;
  run: Run;
  row: number;
}

/** O(rows · log parts). Equals come in the order of parts. */
export async function mergeRuns(runs: readonly RunReader[], take: TakeRow): Promise<void> {
  const heap: Cursor[] = [];
  for (const [part, spill] of runs.entries()) {
    const chunks = spill.read()[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done !== true) sink(heap, heap.push({ part, chunks, run: first.value, row: 0 }) - 1, true);
  }
  while (heap[0]) {
    const top = heap[0];
    const wants = take(top.part, top.run, top.row);
    if (!(typeof wants === 'boolean' ? wants : await wants)) break;
    if (++top.row === top.run.key.length) {
      const next = await top.chunks.next();
      if (next.done !== true) {
        top.run = next.value;
        top.row = 0;
      } else {
        const last = heap.pop();
        if (heap.length === 0 || !last) break;
        heap[0] = last;
      }
    }
    sink(heap, 0, false);
  }
  for (const { chunks } of heap) await chunks.return?.();
}

/** Moves the entry at a place to where it belongs: up, or down. */
function sink(heap: Cursor[], at: number, up: boolean): void {
  const entry = heap[at];
  if (!entry) return;
  for (;;) {
    const other = up ? (at - 1) >> 1 : better(heap, 2 * at + 1, 2 * at + 2);
    const there = heap[other];
    if (there === undefined || (up ? !comesFirst(entry, there) : !comesFirst(there, entry))) break;
    heap[at] = there;
    at = other;
  }
  heap[at] = entry;
}

function better(heap: readonly Cursor[], a: number, b: number): number {
  const [first, second] = [heap[a], heap[b]];
  return first !== undefined && second !== undefined && comesFirst(second, first) ? b : a;
}

function comesFirst(a: Cursor, b: Cursor): boolean {
  const { run: x, row: i } = a;
  const { run: y, row: j } = b;
  for (const column of ['kind', 'key', 'share', 'high', 'low'] as const) {
    const [own = 0, other = 0] = [x[column][i], y[column][j]];
    if (own !== other) return column === 'key' ? own > other : own < other;
  }
  return a.part < b.part;
}
