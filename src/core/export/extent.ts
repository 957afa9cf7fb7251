/**
 * How far a record reaches, and what of its path it shows: it ends behind the last turn that trains, and may be held to a number
 * of tokens.
 */
import { ENDING, FLAG, KIND } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { pathTo } from '../tree/navigate.ts';
import { hasSampled } from '../tree/sampled.ts';

/** A part of a trajectory. Positions are tokens of it; all of them lie between nodes. */
export interface Extent {
  /** The last node. */
  readonly end: number;
  /** Tokens [head, from) are not shown; 0 and 0: all are. */
  readonly head: number;
  readonly from: number;
  /** No token before carries loss. */
  readonly lossFrom: number;
}

/** What becomes of records of more than so many tokens. */
export interface LengthLimit {
  /** 0: no limit. */
  readonly tokens: number;
  /** Left out; ended behind the last turn that trains and fits; or shown in parts, each trained turn in one of them. */
  readonly way: 'drop' | 'cut' | 'windows';
}

/** Of a trajectory that carries loss on `marks`: its events, as far as `path` goes. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly trains: boolean;
  /** A part may begin with it: it is an answer, and no call before it waits for its result. */
  readonly mayBegin: boolean;
}

/** The parts of a trajectory that are written, and whether it is longer than the limit. */
interface Extents {
  readonly extents: readonly Extent[];
  readonly isLong: boolean;
}

/**
 * What is written of a trajectory, in its order: nothing where nothing of it that carries loss fits.
 * @param path of the trajectory, from the root on. @param marks position on the path -> 1: carries loss
 * @param eventEnds event -> tokens up to its end; null: turns are the runs of tokens that the trajectory sampled
 */
export function extentsOf(
  forest: Forest,
  t: number,
  path: Int32Array,
  marks: Uint8Array,
  eventEnds: Int32Array | null,
  limit: LengthLimit,
): Extents {
  const all = stretchesOf(forest, t, path, marks, eventEnds);
  const trained = all.filter(({ trains }) => trains);
  const whole = (end: number): Extent => ({ end: nodeEndingAt(forest, path, end), head: 0, from: 0, lossFrom: 0 });
  if (trained.length === 0) return { extents: [{ end: path[path.length - 1], head: 0, from: 0, lossFrom: 0 }], isLong: false };
  const { end } = trained[trained.length - 1];
  if (limit.tokens === 0 || end <= limit.tokens) return { extents: [whole(end)], isLong: false };
  if (limit.way === 'drop') return { extents: [], isLong: true };
  if (limit.way === 'cut') {
    const fitting = trained.findLast((turn) => turn.end <= limit.tokens);
    return { extents: fitting === undefined ? [] : [whole(fitting.end)], isLong: true };
  }
  const windows = windowsOf(all, trained, limit.tokens);
  return { extents: windows.map(({ end: to, ...shown }) => ({ ...shown, end: nodeEndingAt(forest, path, to) })), isLong: true };
}

/**
 * Parts of at most `most` tokens. Each begins with an answer, behind what was said before the first one, which it repeats where that
 * leaves half of the room; it trains the turns that the parts before it do not reach, behind at most half of its room of context.
 * So each turn trains in one part: the first that shows it, in which most stands before it. [ours]
 */
function windowsOf(all: readonly Stretch[], trained: readonly Stretch[], most: number): Extent[] {
  const starts = all.filter(({ mayBegin }) => mayBegin).map(({ start }) => start);
  const prompt = starts.length > 0 ? starts[0] : 0;
  const windows: Extent[] = [];
  for (let first = 0; first < trained.length;) {
    const shown = beginOf(trained[first], starts, prompt, most);
    if (shown === null) {
      // The turn alone is longer.
      first++;
      continue;
    }
    let next = first + 1;
    while (next < trained.length && shown.head + trained[next].end - shown.from <= most) next++;
    windows.push({ ...shown, lossFrom: trained[first].start, end: trained[next - 1].end });
    first = next;
  }
  return windows;
}

/** Where a part begins that trains `turn`; null where nothing fits. */
function beginOf(turn: Stretch, starts: readonly number[], prompt: number, most: number): Pick<Extent, 'head' | 'from'> | null {
  if (turn.end <= most) return { head: 0, from: 0 };
  const heads = 2 * prompt <= most ? [prompt, 0] : [0];
  for (const head of heads) {
    const room = most - head;
    const fits = starts.filter((start) => start >= prompt && start <= turn.start && turn.end - start <= room);
    const from = fits.find((start) => turn.start - start <= room / 2) ?? fits.at(-1);
    if (from !== undefined) return { head, from };
  }
  return null;
}

function stretchesOf(forest: Forest, t: number, path: Int32Array, marks: Uint8Array, eventEnds: Int32Array | null): Stretch[] {
  const ends = eventEnds ?? runEnds(forest, t, path);
  const stretches: Stretch[] = [];
  let level = 0;
  let start = 0;
  let isOpen = false;
  const take = (end: number): void => {
    let trains = false;
    let isAnswer = false;
    const begin = start;
    const mayBegin = !isOpen;
    for (; level < path.length && endOf(forest, path[level]) <= end; level++) {
      const n = path[level];
      trains ||= marks[level] === 1;
      isAnswer ||= ANSWERS.has(forest.kind[n]) || hasSampled(forest, t, n);
      isOpen = (forest.flags[n] & FLAG.open) !== 0;
    }
    start = end;
    if (end > begin) stretches.push({ start: begin, end, trains, mayBegin: mayBegin && isAnswer });
  };
  const total = endOf(forest, path[path.length - 1]);
  for (const end of ends) if (end > start && end <= total) take(end);
  // A path may end inside an event, where long segments are cut into blocks.
  if (start < total) take(total);
  return stretches;
}

/** Kinds of what an assistant says. */
const ANSWERS: ReadonlySet<number> = new Set([KIND.text, KIND.thinking, KIND.call, KIND.memory]);

/** Where runs begin and end that trajectory `t` sampled; one also ends with its mark. */
function runEnds(forest: Forest, t: number, path: Int32Array): number[] {
  const ends: number[] = [];
  let before = false;
  for (const n of path) {
    const sampled = hasSampled(forest, t, n);
    if (sampled !== before && forest.depth[n] > 0) ends.push(forest.depth[n]);
    before = sampled && (forest.endings[n] & ENDING.turn) === 0;
    if (sampled && !before) ends.push(endOf(forest, n));
  }
  return ends;
}

function endOf(forest: Forest, n: number): number {
  return forest.depth[n] + forest.edgeStart[n + 1] - forest.edgeStart[n];
}

function nodeEndingAt(forest: Forest, path: Int32Array, position: number): number {
  const node = path.find((n) => endOf(forest, n) >= position);
  if (node === undefined) throw new Error(`no node ends behind token ${position}`);
  return node;
}

/** The nodes that a record shows, from the root on, with its loss marks. */
export interface ShownPath {
  readonly nodes: Int32Array;
  readonly marks: Uint8Array;
}

/** @param marksOf the path of a trajectory's upper part -> its marks */
export function shownOf(forest: Forest, { end, head, from, lossFrom }: Extent, marksOf: (path: Int32Array) => Uint8Array): ShownPath {
  const nodes = pathTo(forest, end);
  const marks = marksOf(nodes);
  if (from === 0 && lossFrom === 0) return { nodes, marks };
  const isShown = (n: number): boolean => forest.depth[n] < head || forest.depth[n] >= from;
  return {
    nodes: nodes.filter(isShown),
    marks: marks.map((mark, i) => (forest.depth[nodes[i]] < lossFrom ? 0 : mark)).filter((_, i) => isShown(nodes[i])),
  };
}
