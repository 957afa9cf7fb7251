/** The intervals of all rollouts of a log on one axis, and what they come to: totals, bubbles, the path that the end waits for. */
import { TIME_KINDS, type RolloutTimes } from './times.ts';

/** Seconds by kind, in the order of TIME_KINDS. */
export type KindSeconds = readonly number[];

/** Intervals that a timeline holds. Rollouts that have more than is left are not drawn and in no figure, and are counted. */
export const MOST_INTERVALS = 1_000_000;

export interface Timeline {
  /** Seconds since the epoch of what is 0 on the axis: the first start. NaN: no rollout has times. */
  readonly origin: number;
  /** row -> rollout; by start, then end, then number */
  readonly rollout: Int32Array<ArrayBuffer>;
  /** row -> first entry of `edges`; length + 1 entries. A row has one edge more than it has intervals. */
  readonly first: Int32Array<ArrayBuffer>;
  /** Seconds since the origin. */
  readonly edges: Float64Array<ArrayBuffer>;
  /** Parallel to `edges`; of a row's last edge it says nothing. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** When the number of rollouts that generate, or that are open, changes: seconds since the origin, ascending. */
  readonly steps: {
    readonly at: Float64Array<ArrayBuffer>;
    readonly generating: Int32Array<ArrayBuffer>;
    readonly open: Int32Array<ArrayBuffer>;
  };
  readonly figures: TimelineFigures;
}

export interface TimelineFigures {
  readonly rollouts: number;
  readonly intervals: number;
  /** Over all rollouts. */
  readonly seconds: KindSeconds;
  /** From the first start to the last end. */
  readonly span: number;
  /** Of it, with at least one rollout open. */
  readonly covered: number;
  /** Most rollouts that generated at once: the concurrency that was observed. */
  readonly slots: number;
  /** Most that were open at once. */
  readonly mostOpen: number;
  /** Covered time in which fewer than `slots` generated, and how many stretches of it there are. */
  readonly bubbles: { readonly seconds: number; readonly count: number };
  /** Generation ÷ (slots × covered); NaN where nothing was generated. */
  readonly utilisation: number;
  readonly path: CriticalPath;
}

/**
 * Back from the last end: the rollout that ends last, before its start the one that ended last, and so on [ours]: rollouts that, one after
 * the other, filled the time up to the end.
 */
export interface CriticalPath {
  /** Rows, the last first. */
  readonly rows: readonly number[];
  readonly seconds: KindSeconds;
  /** Between them, with none of them open. */
  readonly gaps: number;
}

/** @param times rollout -> its times; null: it was not asked, or has none. O(n log n) in intervals. */
export function timelineOf(times: readonly (Pick<RolloutTimes, 'edges' | 'kinds'> | null)[]): Timeline {
  const rows = times.flatMap((one, rollout) => (one !== null && one.kinds.length > 0 ? [{ one, rollout }] : []));
  const startOf = ({ one }: (typeof rows)[number]): number => one.edges[0];
  const endOf = ({ one }: (typeof rows)[number]): number => one.edges[one.edges.length - 1];
  rows.sort((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b) || a.rollout - b.rollout);
  const origin = rows.length === 0 ? Number.NaN : startOf(rows[0]);
  const first = new Int32Array(rows.length + 1);
  for (const [row, { one }] of rows.entries()) first[row + 1] = first[row] + one.edges.length;
  const edges = new Float64Array(first[rows.length]);
  const kinds = new Uint8Array(first[rows.length]);
  for (const [row, { one }] of rows.entries()) {
    for (let i = 0; i < one.edges.length; i++) edges[first[row] + i] = one.edges[i] - origin;
    kinds.set(one.kinds, first[row]);
  }
  const bare = { origin, rollout: Int32Array.from(rows, ({ rollout }) => rollout), first, edges, kinds };
  const steps = stepsOf(bare);
  return { ...bare, steps, figures: figuresOf(bare, steps) };
}

type Bare = Omit<Timeline, 'steps' | 'figures'>;

/** Calls back for each interval. */
function eachInterval({ first, edges, kinds }: Bare, row: number, take: (start: number, end: number, kind: number) => void): void {
  for (let i = first[row]; i + 1 < first[row + 1]; i++) take(edges[i], edges[i + 1], kinds[i]);
}

function stepsOf(bare: Bare): Timeline['steps'] {
  // Starts and ends in columns of their own: numbers alone are sorted in a moment, however many there are.
  const rows = bare.rollout.length;
  const begun = new Float64Array(rows);
  const ended = new Float64Array(rows);
  const on = new Float64Array(bare.edges.length);
  const off = new Float64Array(bare.edges.length);
  let turns = 0;
  for (let row = 0; row < rows; row++) {
    begun[row] = bare.edges[bare.first[row]];
    ended[row] = bare.edges[bare.first[row + 1] - 1];
    eachInterval(bare, row, (start, end, kind) => {
      if (kind !== 0) return;
      on[turns] = start;
      off[turns++] = end;
    });
  }
  const columns = [begun, ended, on.subarray(0, turns), off.subarray(0, turns)] as const;
  for (const column of columns) column.sort();
  const next = [0, 0, 0, 0];
  const at: number[] = [];
  const generating: number[] = [];
  const open: number[] = [];
  let [g, o] = [0, 0];
  // What ends and what begins at one time are one change: a slot that is handed on was never free.
  for (;;) {
    const now = columns.reduce((least, column, c) => Math.min(least, column[next[c]] ?? Infinity), Infinity);
    if (now === Infinity) break;
    const [starts, ends, ons, offs] = columns.map((column, c) => {
      const from = next[c];
      while (column[next[c]] === now) next[c]++;
      return next[c] - from;
    });
    o += starts - ends;
    g += ons - offs;
    at.push(now);
    generating.push(g);
    open.push(o);
  }
  return { at: Float64Array.from(at), generating: Int32Array.from(generating), open: Int32Array.from(open) };
}

function figuresOf(bare: Bare, { at, generating, open }: Timeline['steps']): TimelineFigures {
  const seconds = TIME_KINDS.map(() => 0);
  for (let row = 0; row < bare.rollout.length; row++) eachInterval(bare, row, (start, end, kind) => (seconds[kind] += end - start));
  let slots = 0;
  let mostOpen = 0;
  for (let i = 0; i < at.length; i++) {
    slots = Math.max(slots, generating[i]);
    mostOpen = Math.max(mostOpen, open[i]);
  }
  let covered = 0;
  let short = 0;
  let count = 0;
  let wasShort = false;
  for (let i = 0; i + 1 < at.length; i++) {
    const length = at[i + 1] - at[i];
    const isShort = open[i] > 0 && generating[i] < slots;
    if (open[i] > 0) covered += length;
    if (isShort) short += length;
    if (isShort && !wasShort) count++;
    wasShort = isShort;
  }
  return {
    rollouts: bare.rollout.length,
    intervals: bare.edges.length - bare.rollout.length,
    seconds,
    span: at.length === 0 ? 0 : at[at.length - 1] - at[0],
    covered,
    slots,
    mostOpen,
    bubbles: { seconds: short, count },
    utilisation: slots === 0 ? Number.NaN : seconds[0] / (slots * covered),
    path: pathOf(bare),
  };
}

function pathOf(bare: Bare): CriticalPath {
  const count = bare.rollout.length;
  const startOf = (row: number): number => bare.edges[bare.first[row]];
  const endOf = (row: number): number => bare.edges[bare.first[row + 1] - 1];
  const byEnd = Array.from({ length: count }, (_, row) => row).sort((a, b) => endOf(b) - endOf(a) || a - b);
  const rows: number[] = [];
  const seconds = TIME_KINDS.map(() => 0);
  let gaps = 0;
  let before = Infinity;
  for (const row of byEnd) {
    if (endOf(row) > before) continue;
    if (before !== Infinity) gaps += before - endOf(row);
    rows.push(row);
    eachInterval(bare, row, (start, end, kind) => (seconds[kind] += end - start));
    before = startOf(row);
  }
  return { rows, seconds, gaps };
}
