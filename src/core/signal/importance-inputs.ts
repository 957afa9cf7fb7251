/** The columns that the importance graph reads, cut by how often they change: with the forest, its entropy, the rule. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import { trajectoryAdvantages } from './advantage.ts';
import { hasEntropy, nodeEntropy, type NodeEntropy } from './entropy.ts';
import { sampledShare } from './coefficient.ts';
import { fillValues, type Fill } from './fill.ts';
import { BLOCK, type GraphShape } from './importance-graph.ts';
import { nodeSignal } from './node-signal.ts';
import { FALLBACK } from './signals.ts';
import { taskOf, trajectoryCount } from '../tree/navigate.ts';
import { hasSampled, isDisputed } from '../tree/sampled.ts';

/** An input of the graph. */
export interface GraphColumn {
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

export type GraphColumns = Readonly<Record<string, GraphColumn>>;

const floats = (data: Float32Array<ArrayBuffer>, ...dims: number[]): GraphColumn => ({
  data,
  dims: dims.length > 0 ? dims : [data.length],
});

/** What only the forest decides. */
export interface Structure {
  readonly columns: GraphColumns;
  /** Rounds that its depth takes. */
  readonly doublings: number;
  /** Where advantages are counted; `columns.leaf` are its nodes. */
  readonly ends: AdvantageEnds;
  /** Parts that advantages are cut into, so that the most ends of a task add up exactly. */
  readonly parts: number;
  readonly mostEnds: number;
}

/**
 * Where a trajectory's advantage is added to a sum over subtrees and taken away again, so that it counts at the nodes that
 * it sampled and at those that nobody sampled: added at the last node of each run of such nodes, taken away above the first.
 */
interface AdvantageEnds {
  readonly node: readonly number[];
  readonly trajectory: readonly number[];
  /** 1 or −1 */
  readonly sign: readonly number[];
}

function advantageEnds(forest: Forest): AdvantageEnds {
  const ends = { node: [] as number[], trajectory: [] as number[], sign: [] as number[] };
  const isBelow = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    const above = forest.parent[n];
    isBelow[n] = isDisputed(forest, n) || (above !== NONE && isBelow[above] === 1) ? 1 : 0;
  }
  const add = (node: number, t: number, sign: number): void => {
    ends.node.push(node);
    ends.trajectory.push(t);
    ends.sign.push(sign);
  };
  for (let t = 0; t < forest.trajectories.length; t++) {
    if (forest.trajectories.excluded?.[t] === 1) continue;
    const leaf = forest.trajectories.leaf[t];
    if (isBelow[leaf] === 0) {
      add(leaf, t, 1);
      continue;
    }
    let inside = false;
    for (let n = leaf; n !== NONE; n = forest.parent[n]) {
      const counts = forest.sampledCount[n] === 0 || hasSampled(forest, t, n);
      if (counts !== inside) add(n, t, counts ? 1 : -1);
      inside = counts;
    }
  }
  return ends;
}

export function structureColumns(forest: Forest): Structure {
  const { length, parent } = forest;
  const above = new Int32Array(length);
  const hasAbove = new Float32Array(length);
  const level = new Int32Array(length);
  let levels = 0;
  for (let n = 0; n < length; n++) {
    const p = parent[n];
    above[n] = p === NONE ? n : p;
    if (p === NONE) continue;
    hasAbove[n] = 1;
    level[n] = level[p] + 1;
    if (level[n] > levels) levels = level[n];
  }
  const ends = advantageEnds(forest);
  const columns = {
    count: floats(Float32Array.from(forest.reachCount)),
    counting: floats(Float32Array.from(forest.sampledCount, (sampled, n) => (sampled > 0 ? sampled : forest.reachCount[n]))),
    above: { data: above, dims: [length] },
    hasAbove: floats(hasAbove),
    self: { data: Int32Array.from({ length }, (_, n) => n), dims: [length] },
    leaf: { data: Int32Array.from(ends.node), dims: [1, ends.node.length] },
  };
  const perTask = new Int32Array(forest.treeStart.length);
  for (const node of ends.node) perTask[taskOf(forest, node)]++;
  const mostEnds = perTask.reduce((most, count) => Math.max(most, count), 1);
  return {
    columns,
    doublings: Math.max(1, Math.ceil(Math.log2(levels + 1))),
    ends,
    parts: Math.ceil(SIGNIFICANT / partBits(mostEnds)),
    mostEnds,
  };
}

/** Bits below the largest advantage: those of a float64, and as many as let one 10^8 times smaller keep its own. */
const SIGNIFICANT = 80;

/** Bits of one part, so that `most` of them add up within the 24 bits of a float32. */
function partBits(most: number): number {
  return Math.max(1, 23 - Math.ceil(Math.log2(most)));
}

/**
 * Entropy of sampled tokens × q in blocks, unknown ones filled as in `filledEntropy`; where none is known anywhere, turns stand in.
 * `model` as for `nodeEntropy`. O(tokens).
 */
export function entropyColumns(
  forest: Forest,
  model: Float32Array | null,
  entropy: NodeEntropy = nodeEntropy(forest, 'sum', model),
  by: Fill = 'mean',
): GraphColumns {
  const isKnown = hasEntropy(entropy);
  const fill = fillValues(forest, entropy.sum, entropy.known, null, by);
  const known = new Float32Array(forest.length);
  let blocks = 0;
  let values = new Float32Array(Math.max(BLOCK, forest.edgeTokens.length));
  let owners = new Int32Array(Math.max(1, forest.length));
  const begin = (n: number): void => {
    if ((blocks + 1) * BLOCK > values.length) values = grown(values, new Float32Array(2 * values.length));
    if (blocks === owners.length) owners = grown(owners, new Int32Array(2 * owners.length));
    owners[blocks++] = n;
  };
  for (let n = 0; n < forest.length; n++) {
    if (!isKnown || forest.sampledCount[n] === 0) continue;
    let count = 0;
    const share = sampledShare(forest, n);
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
      const value = entropy.by.valueOf(i, n);
      if (count % BLOCK === 0) begin(n);
      values[(blocks - 1) * BLOCK + (count++ % BLOCK)] = share * (Number.isNaN(value) ? fill(n) : value);
    }
    known[n] = count;
  }
  if (!isKnown) {
    const { sum } = nodeSignal({ forest, model: null, imported: null }, FALLBACK.id);
    for (let n = 0; n < forest.length; n++) {
      if (forest.sampledCount[n] === 0) continue;
      begin(n);
      values[(blocks - 1) * BLOCK] = sampledShare(forest, n) * sum[n];
      known[n] = 1;
    }
  }
  if (blocks === 0) begin(0);
  return {
    values: floats(values.slice(0, blocks * BLOCK), blocks, BLOCK),
    blockNode: { data: owners.slice(0, blocks), dims: [blocks] },
    known: floats(known),
  };
}

function grown<T extends Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The part of a rule that the graph's inputs depend on. */
export type ImportanceRule = Pick<PruneRule, 'gamma' | 'advantage' | 'mode' | 'weighBy'>;

/** @param reach node -> reach that is not g/K; null: g/K. @param taskWeight as in `NodeScores` */
export function ruleColumns(
  forest: Forest,
  rule: ImportanceRule,
  { doublings, ends, parts, mostEnds }: Structure,
  reach: Float64Array | null,
  taskWeight: Float64Array,
): GraphColumns {
  const share = new Float32Array(forest.length);
  const weight = new Float32Array(forest.length);
  for (let task = 0; task < taskWeight.length; task++) {
    const k = trajectoryCount(forest, task);
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      share[n] = reach === null ? 1 / k : reach[n] / forest.reachCount[n];
      weight[n] = taskWeight[task];
    }
  }
  const advantages = trajectoryAdvantages(forest, rule.advantage);
  const counted = Float64Array.from(ends.trajectory, (t, e) => ends.sign[e] * advantages[t]);
  const split = splitExactly(counted, mostEnds, parts);
  for (let e = 0; e < counted.length; e++) split[parts * counted.length + e] *= ends.sign[e];
  const usesAdvantage = rule.mode === 'rl' && advantages.some((value) => !Number.isNaN(value));
  const columns = parts + 2;
  const decay = new Float32Array(doublings * columns).fill(1);
  for (let k = 0; k < doublings; k++) decay[k * columns] = rule.gamma ** (2 ** k);
  return {
    share: floats(share),
    weight: floats(weight),
    parts: floats(split, parts + 1, counted.length),
    decay: floats(decay, doublings, columns, 1),
    rl: floats(Float32Array.of(usesAdvantage ? 1 : 0)),
  };
}

/** Below this everything counts as 0: the quanta would leave float32's range. */
const LEAST = 2 ** -60;

/**
 * [parts + 1, values] parts whose sums over up to `most` values float32 holds exactly: part p is a multiple of a
 * quantum q_p, and `most` times the largest part stays below 2^24 quanta. The last row is 1 where a value is known.
 * The splitting is that of error-free summation (Rump, Ogita, Oishi: Accurate floating-point summation, 2008).
 */
export function splitExactly(values: Float64Array, most: number, parts: number): Float32Array<ArrayBuffer> {
  const { length } = values;
  const rows = new Float32Array((parts + 1) * length);
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  const top = 2 ** Math.ceil(Math.log2(largest));
  const bits = partBits(most);
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(values[i])) continue;
    rows[parts * length + i] = 1;
    if (largest < LEAST) continue;
    let rest = values[i];
    for (let p = 0; p < parts; p++) {
      const quantum = top * 2 ** (-bits * (p + 1));
      const part = Math.round(rest / quantum) * quantum;
      rows[p * length + i] = part;
      rest -= part;
    }
  }
  return rows;
}

/** The graph for a rule, or null where it has none: the mean of the largest fifth needs a sort within each node. */
export function graphShape(aggregate: PruneRule['aggregate'], { doublings, parts }: Structure): GraphShape | null {
  return aggregate === 'top20' ? null : { doublings, parts, aggregate };
}
