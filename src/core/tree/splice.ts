/** Joins a frozen forest with one of the tasks that changed since: what is unchanged is copied with shifted offsets, not walked. */
import { CHANNELS } from '../model/batch.ts';
import type { Channel, RolloutRow } from '../model/batch.ts';
import type { Forest, TaskRow, TokenChannels } from '../model/forest.ts';
import type { NodeKeys } from '../model/node-key.ts';
import { KINDS, NONE } from '../model/kinds.ts';
import { hasValue } from './freeze.ts';
import type { Frozen } from './freeze.ts';
import { compareRollouts, compareTexts } from './input-order.ts';
import { joinNames } from './join-names.ts';
import { firstFrom } from './remainder.ts';
import type { Remainder } from './remainder.ts';
import { spliceTrajectories } from './splice-trajectories.ts';
import type { Span } from './span.ts';

type Int32 = Int32Array<ArrayBuffer>;

export interface Spliced {
  readonly frozen: Frozen;
  readonly spans: readonly Span[];
}

/** Columns number tokens with Int32. */
const MAX_TOKENS = 2 ** 31 - 1;

/**
 * The forest of `base` without its tasks `replaced`, and of all of `fresh`. Equals what one builder would have given for the
 * rollouts of both.
 *
 * @param rowOf a row of `base` as it shall be from now on; rows must keep their order. Throws RangeError beyond 2^31 tokens
 */
export function spliceForests(base: Frozen, fresh: Frozen, replaced: ReadonlySet<string>, rowOf: (row: RolloutRow) => RolloutRow): Spliced {
  const sides = [base, fresh] as const;
  const rows = mergeRollouts(base, fresh, replaced, rowOf);
  const placed = placeTasks(sides, replaced);
  const { spans, tasks } = placed;
  const length = { nodes: 0, tokens: 0, order: 0 };
  for (const { side, fromTask, toTask } of spans) {
    const { forest } = sides[side];
    length.nodes += forest.treeStart[toTask] - forest.treeStart[fromTask];
    length.tokens += tokenAt(forest, toTask) - tokenAt(forest, fromTask);
    length.order += forest.trajectoryStart[toTask] - forest.trajectoryStart[fromTask];
  }
  if (length.tokens > MAX_TOKENS) throw new RangeError(`a forest holds at most ${MAX_TOKENS.toLocaleString('en')} distinct tokens`);
  const tools = joinNames(
    sides.map(({ forest }) => ({ names: forest.tools, column: forest.tool, ranges: rangesOf(spans, forest, sides, 'nodes') })),
  );
  const actions = joinNames(
    sides.map(({ forest, actions: names }) => ({ names, column: forest.edgeTokens, ranges: rangesOf(spans, forest, sides, 'tokens') })),
  );
  const copy = copier(sides, spans);
  const channels = spliceChannels(sides, copy, length.tokens);
  const trajectories = spliceTrajectories(sides, spans, rows.rolloutPlaces, length.order);
  const nodes = (name: 'parent' | 'subtreeEnd', shiftOf: (span: Span) => number): Int32 =>
    copy.nodes((forest) => forest[name], new Int32Array(length.nodes), shiftOf);
  const nodeShift = (span: Span): number => span.node - sides[span.side].forest.treeStart[span.fromTask];
  const orderShift = (span: Span): number => span.order - sides[span.side].forest.trajectoryStart[span.fromTask];
  const tokenShift = (span: Span): number => span.token - tokenAt(sides[span.side].forest, span.fromTask);
  const edgeStart = copy.nodes((forest) => forest.edgeStart, new Int32Array(length.nodes + 1), tokenShift);
  edgeStart[length.nodes] = length.tokens;
  const treeStart = new Int32Array(tasks.length + 1);
  const trajectoryStart = new Int32Array(tasks.length + 1);
  for (const span of spans) {
    const { forest } = sides[span.side];
    for (let t = span.fromTask; t < span.toTask; t++) {
      treeStart[span.task + t - span.fromTask] = forest.treeStart[t] + nodeShift(span);
      trajectoryStart[span.task + t - span.fromTask] = forest.trajectoryStart[t] + orderShift(span);
    }
  }
  treeStart[tasks.length] = length.nodes;
  trajectoryStart[tasks.length] = length.order;
  const isSurprising = channels.surprisal !== null;
  const forest: Forest = {
    length: length.nodes,
    parent: nodes('parent', nodeShift),
    subtreeEnd: nodes('subtreeEnd', nodeShift),
    edgeStart,
    edgeTokens: copy.tokens((from) => from.edgeTokens, new Int32Array(length.tokens), actions.numbers),
    depth: copy.nodes((from) => from.depth, new Int32Array(length.nodes)),
    reachCount: copy.nodes((from) => from.reachCount, new Int32Array(length.nodes)),
    reachStart: copy.nodes((from) => from.reachStart, new Int32Array(length.nodes), orderShift),
    sampledCount: copy.nodes((from) => from.sampledCount, new Int32Array(length.nodes)),
    kind: copy.nodes((from) => from.kind, new Uint8Array(length.nodes)),
    kinds: copy.nodes((from) => from.kinds, new Uint16Array(length.nodes)),
    flags: copy.nodes((from) => from.flags, new Uint8Array(length.nodes)),
    endings: copy.nodes((from) => from.endings, new Uint16Array(length.nodes)),
    tool: copy.nodes((from) => from.tool, new Int32Array(length.nodes), undefined, tools.numbers),
    tools: tools.names,
    treeStart,
    trajectoryStart,
    trajectoryOrder: trajectories.order,
    trajectories: trajectories.table,
    channels,
    keys: copyKeys(sides, spans, length.nodes),
    surprisalSpread: isSurprising ? copy.nodes((from) => from.surprisalSpread, new Float32Array(length.nodes).fill(Number.NaN)) : null,
  };
  const frozen: Frozen = {
    forest,
    tasks,
    rollouts: rows.rollouts,
    actions: actions.names,
    actionStart: actions.names.length === 0 ? null : trajectories.actionStart,
    actionEnd: actions.names.length === 0 ? null : trajectories.actionEnd,
    remainder: spliceRemainder(sides, spans, nodeShift, channels),
  };
  return { frozen, spans };
}

function tokenAt(forest: Forest, task: number): number {
  return forest.edgeStart[forest.treeStart[task]];
}

/** Both lists in the order of the inputs; `rolloutPlaces`: side -> rollout -> its place, NONE where it is gone. */
function mergeRollouts(
  base: Frozen,
  fresh: Frozen,
  replaced: ReadonlySet<string>,
  rowOf: (row: RolloutRow) => RolloutRow,
): { rollouts: RolloutRow[]; rolloutPlaces: readonly [Int32, Int32] } {
  const rollouts: RolloutRow[] = [];
  const places: [Int32, Int32] = [new Int32Array(base.rollouts.length).fill(NONE), new Int32Array(fresh.rollouts.length).fill(NONE)];
  let next = 0;
  const takeFresh = (): void => {
    places[1][next] = rollouts.push(fresh.rollouts[next]) - 1;
    next++;
  };
  for (const [index, before] of base.rollouts.entries()) {
    if (replaced.has(before.task)) continue;
    const row = rowOf(before);
    while (next < fresh.rollouts.length && compareRollouts(fresh.rollouts[next], row) < 0) takeFresh();
    places[0][index] = rollouts.push(row) - 1;
  }
  while (next < fresh.rollouts.length) takeFresh();
  return { rollouts, rolloutPlaces: places };
}

/** Tasks in the order of their keys, and the spans that they make. */
function placeTasks(sides: readonly [Frozen, Frozen], replaced: ReadonlySet<string>): { tasks: TaskRow[]; spans: Span[] } {
  const [base, fresh] = sides;
  const going: { side: 0 | 1; task: number; row: TaskRow }[] = [];
  for (const [task, row] of base.tasks.entries()) if (!replaced.has(row.key)) going.push({ side: 0, task, row });
  for (const [task, row] of fresh.tasks.entries()) going.push({ side: 1, task, row });
  going.sort((a, b) => compareTexts(a.row.key, b.row.key));
  const tasks: TaskRow[] = [];
  const spans: { -readonly [K in keyof Span]: Span[K] }[] = [];
  const at = { node: 0, token: 0, order: 0 };
  for (const found of going) {
    const { forest } = sides[found.side];
    const open = spans.at(-1);
    if (open?.side === found.side && open.toTask === found.task) open.toTask++;
    else spans.push({ side: found.side, fromTask: found.task, toTask: found.task + 1, task: tasks.length, ...at });
    at.node += forest.treeStart[found.task + 1] - forest.treeStart[found.task];
    at.token += tokenAt(forest, found.task + 1) - tokenAt(forest, found.task);
    at.order += forest.trajectoryStart[found.task + 1] - forest.trajectoryStart[found.task];
    tasks.push(found.row);
  }
  return { tasks, spans };
}

/** [from, to) of a forest's nodes or tokens that go on. */
function rangesOf(spans: readonly Span[], forest: Forest, sides: readonly Frozen[], of: 'nodes' | 'tokens'): (readonly [number, number])[] {
  const at = (task: number): number => (of === 'nodes' ? forest.treeStart[task] : tokenAt(forest, task));
  return spans.filter(({ side }) => sides[side].forest === forest).map(({ fromTask, toTask }) => [at(fromTask), at(toTask)]);
}

type Column = Int32Array | Uint16Array | Uint8Array | Float32Array;

interface Copier {
  nodes<A extends Column>(
    of: (forest: Forest) => Column | null,
    out: A,
    shiftOf?: (span: Span) => number,
    numbers?: readonly (Int32Array | null)[],
  ): A;
  tokens<A extends Column>(of: (forest: Forest) => Column | null, out: A, numbers?: readonly (Int32Array | null)[]): A;
}

/** Copies columns span by span: as they are, shifted (NONE stays), or renumbered. */
function copier(sides: readonly [Frozen, Frozen], spans: readonly Span[]): Copier {
  const copy = (from: Column, start: number, end: number, out: Column, at: number, shift: number, numbers: Int32Array | null): void => {
    if (numbers !== null) for (let i = start; i < end; i++) out[at + i - start] = from[i] === NONE ? NONE : numbers[from[i]];
    else if (shift === 0) out.set(from.subarray(start, end), at);
    else for (let i = start; i < end; i++) out[at + i - start] = from[i] === NONE ? NONE : from[i] + shift;
  };
  return {
    nodes(of, out, shiftOf = () => 0, numbers = []) {
      for (const span of spans) {
        const { forest } = sides[span.side];
        const from = of(forest);
        if (from === null) continue;
        const shift = shiftOf(span);
        copy(from, forest.treeStart[span.fromTask], forest.treeStart[span.toTask], out, span.node, shift, numbers[span.side] ?? null);
      }
      return out;
    },
    tokens(of, out, numbers = []) {
      for (const span of spans) {
        const { forest } = sides[span.side];
        const from = of(forest);
        if (from === null) continue;
        copy(from, tokenAt(forest, span.fromTask), tokenAt(forest, span.toTask), out, span.token, 0, numbers[span.side] ?? null);
      }
      return out;
    },
  };
}

/** Keys say nothing of where a node lies: two words of each, as they are. */
function copyKeys(sides: readonly [Frozen, Frozen], spans: readonly Span[], nodes: number): NodeKeys {
  const keys = new Uint32Array(2 * nodes);
  for (const { side, fromTask, toTask, node } of spans) {
    const { forest } = sides[side];
    keys.set(forest.keys.subarray(2 * forest.treeStart[fromTask], 2 * forest.treeStart[toTask]), 2 * node);
  }
  return keys;
}

function spliceChannels(sides: readonly [Frozen, Frozen], copy: Copier, tokens: number): TokenChannels {
  const joined = (channel: Channel): Float32Array | null => {
    if (sides.every(({ forest }) => forest.channels[channel] === null)) return null;
    const column = copy.tokens((forest) => forest.channels[channel], new Float32Array(tokens).fill(Number.NaN));
    return hasValue(column) ? column : null;
  };
  return {
    entropy: joined('entropy'),
    entropyLow: joined('entropyLow'),
    entropyHigh: joined('entropyHigh'),
    surprisal: joined('surprisal'),
    advantage: joined('advantage'),
    model: joined('model'),
  };
}

function spliceRemainder(
  sides: readonly [Frozen, Frozen],
  spans: readonly Span[],
  shiftOf: (span: Span) => number,
  channels: TokenChannels,
): Remainder {
  const parts = spans.map((span) => {
    const { forest, remainder } = sides[span.side];
    const [first, end] = [forest.treeStart[span.fromTask], forest.treeStart[span.toTask]];
    const votes = [firstFrom(remainder.votesNode, first), firstFrom(remainder.votesNode, end)] as const;
    const sums = [firstFrom(remainder.sumsNode, first), firstFrom(remainder.sumsNode, end)] as const;
    const entries = [remainder.sumsStart[sums[0]], remainder.sumsStart[sums[1]]] as const;
    return { remainder, shift: shiftOf(span), votes, sums, entries };
  });
  const size = (of: 'votes' | 'sums' | 'entries'): number => parts.reduce((sum, part) => sum + part[of][1] - part[of][0], 0);
  const votesNode = new Int32Array(size('votes'));
  const votes = new Int32Array(votesNode.length * KINDS.length);
  const sumsNode = new Int32Array(size('sums'));
  const sumsStart = new Int32Array(sumsNode.length + 1);
  const entries = size('entries');
  const sum = CHANNELS.map((channel) => (channels[channel] === null ? null : new Float64Array(entries)));
  const count = CHANNELS.map((channel) => (channels[channel] === null ? null : new Int32Array(entries)));
  const square = channels.surprisal === null ? null : new Float64Array(entries);
  const at = { votes: 0, sums: 0, entries: 0 };
  for (const { remainder: from, shift, votes: v, sums: s, entries: e } of parts) {
    for (let k = v[0]; k < v[1]; k++) votesNode[at.votes + k - v[0]] = from.votesNode[k] + shift;
    votes.set(from.votes.subarray(v[0] * KINDS.length, v[1] * KINDS.length), at.votes * KINDS.length);
    for (let k = s[0]; k < s[1]; k++) {
      sumsNode[at.sums + k - s[0]] = from.sumsNode[k] + shift;
      sumsStart[at.sums + k - s[0] + 1] = at.entries + from.sumsStart[k + 1] - e[0];
    }
    for (let c = 0; c < CHANNELS.length; c++) {
      if (from.sum[c] !== null) sum[c]?.set(from.sum[c]!.subarray(e[0], e[1]), at.entries);
      if (from.count[c] !== null) count[c]?.set(from.count[c]!.subarray(e[0], e[1]), at.entries);
    }
    if (from.square !== null) square?.set(from.square.subarray(e[0], e[1]), at.entries);
    at.votes += v[1] - v[0];
    at.sums += s[1] - s[0];
    at.entries += e[1] - e[0];
  }
  return { votesNode, votes, sumsNode, sumsStart, sum, count, square };
}
