/** Large forests as columns, made without tokens: a tree shape, costs and signals, for pruning and layout. */
import { FLAG, KIND, NONE } from '../../../src/core/model/kinds.ts';
import type { Forest } from '../../../src/core/model/forest.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';

/** Rows in pre-order. */
export interface TreeShape {
  readonly parent: Int32Array;
  /** node -> tokens in it */
  readonly tokens: Int32Array;
  /** node -> 1: written by the policy */
  readonly sampled: Uint8Array;
}

/**
 * Rollouts that fork from one another, answers and results in turn, until there are `nodes` nodes.
 * @param turns nodes of a rollout, at least and more at random
 * @param scale tokens of a node: 1 for whole dynamic programs, 32 for the lengths of real logs
 */
export function rolloutTree(nodes: number, rollouts: number, turns: readonly [number, number], scale: number, seed: number): TreeShape {
  const random = makeRandom(seed);
  const parent: number[] = [];
  const depth: number[] = [];
  const firstChild: number[] = [];
  const nextSibling: number[] = [];
  const add = (above: number): number => {
    const n = parent.push(above) - 1;
    depth.push(above === NONE ? 0 : depth[above] + 1);
    firstChild.push(NONE);
    nextSibling.push(above === NONE ? NONE : firstChild[above]);
    if (above !== NONE) firstChild[above] = n;
    return n;
  };
  add(NONE);
  const leaves: number[] = [];
  for (let r = 0; r < rollouts && parent.length < nodes; r++) {
    let node = 0;
    if (r > 0) {
      node = leaves[Math.floor(random() * leaves.length)];
      for (let up = Math.floor(random() * (depth[node] + 1)); up > 0; up--) node = parent[node];
    }
    const length = turns[0] + Math.floor(random() * turns[1]);
    while (depth[node] + 1 < length && parent.length < nodes) node = add(node);
    leaves.push(node);
  }
  return inPreOrder(parent, firstChild, nextSibling, depth, scale, random);
}

function inPreOrder(
  parent: readonly number[],
  firstChild: readonly number[],
  nextSibling: readonly number[],
  depth: readonly number[],
  scale: number,
  random: () => number,
): TreeShape {
  const length = parent.length;
  const row = new Int32Array(length);
  const shape = { parent: new Int32Array(length), tokens: new Int32Array(length), sampled: new Uint8Array(length) };
  const stack = [0];
  let n = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    row[node] = n;
    shape.parent[n] = parent[node] === NONE ? NONE : row[parent[node]];
    shape.sampled[n] = depth[node] % 2;
    shape.tokens[n] = 1 + Math.floor(random() * scale * (depth[node] % 2 === 1 ? 6 : 20));
    n++;
    for (let child = firstChild[node]; child !== NONE; child = nextSibling[child]) stack.push(child);
  }
  return shape;
}

/** One task; every leaf ends one trajectory. */
export function forestOf({ parent, tokens, sampled }: TreeShape): Forest {
  const length = parent.length;
  const subtreeEnd = Int32Array.from(parent, (_, n) => n + 1);
  const reachCount = new Int32Array(length);
  for (let n = length - 1; n >= 0; n--) {
    if (reachCount[n] === 0) reachCount[n] = 1;
    if (parent[n] === NONE) continue;
    reachCount[parent[n]] += reachCount[n];
    if (subtreeEnd[n] > subtreeEnd[parent[n]]) subtreeEnd[parent[n]] = subtreeEnd[n];
  }
  const edgeStart = new Int32Array(length + 1);
  const depth = new Int32Array(length);
  const reachStart = new Int32Array(length);
  const leaves: number[] = [];
  for (let n = 0; n < length; n++) {
    edgeStart[n + 1] = edgeStart[n] + tokens[n];
    if (parent[n] !== NONE) depth[n] = depth[parent[n]] + tokens[parent[n]];
    reachStart[n] = leaves.length;
    if (subtreeEnd[n] === n + 1) leaves.push(n);
  }
  const count = leaves.length;
  const numbers = Int32Array.from({ length: count }, (_, t) => t);
  const kind = Uint8Array.from(sampled, (is) => (is === 1 ? KIND.text : KIND.result));
  return {
    length,
    parent,
    subtreeEnd,
    edgeStart,
    edgeTokens: new Int32Array(edgeStart[length]),
    depth,
    reachCount,
    reachStart,
    sampledCount: reachCount.map((g, n) => (sampled[n] === 1 ? g : 0)),
    kind,
    kinds: Uint16Array.from(kind, (k) => 1 << k),
    flags: Uint8Array.from(sampled, (is) => (is === 1 ? FLAG.sampled : 0)),
    endings: Uint16Array.from(kind, (k) => 1 << k),
    tool: new Int32Array(length).fill(NONE),
    tools: [],
    treeStart: Int32Array.of(0, length),
    trajectoryStart: Int32Array.of(0, count),
    trajectoryOrder: numbers,
    trajectories: {
      length: count,
      rollout: numbers,
      branch: new Int32Array(count),
      leaf: Int32Array.from(leaves),
      tokenCount: Int32Array.from(leaves, (n) => depth[n] + tokens[n]),
      reward: new Float64Array(count),
      advantage: new Float64Array(count).fill(NaN),
      // Every node is sampled by all trajectories through it or by none, so nobody looks these up.
      sampledStart: new Int32Array(count + 1),
      sampledRuns: new Int32Array(0),
    },
    channels: { entropy: null, entropyLow: null, entropyHigh: null, surprisal: null, advantage: null, model: null },
    surprisalSpread: null,
    keys: Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 === 0 ? 0 : i >> 1)),
  };
}

/** node -> reach × entropy; a fifth of the answers is much less certain than the rest. */
export function skewedSignal(forest: Forest, seed: number): Float64Array {
  const random = makeRandom(seed);
  const trajectories = forest.trajectories.length;
  return Float64Array.from(forest.sampledCount, (sampled) => (sampled * -Math.log(1 - random()) * (random() < 0.2 ? 8 : 1)) / trajectories);
}
