/** Small forests for pruning tests: nodes in pre-order by parent, one trajectory per leaf, and random ones. */
import fc from 'fast-check';
import { FLAG, KIND, NONE } from '../../../../src/core/model/kinds.ts';
import { guessEndings } from '../../../../src/core/tree/guess-endings.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import type { Kind } from '../../../../src/core/model/kinds.ts';
import type { PruneRule } from '../../../../src/core/model/rule.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';

export interface NodeSpec {
  readonly parent: number;
  readonly tokens?: number;
  readonly kind?: Kind;
  readonly flags?: number;
  readonly tool?: number;
  readonly signal?: number;
  /** trajectories that end here beside those of a leaf */
  readonly ends?: number;
}

/** A forest of these nodes. Every root opens a task; every leaf ends one trajectory, which is its own rollout. */
function forestOf(nodes: readonly NodeSpec[]): Forest {
  const length = nodes.length;
  const parent = Int32Array.from(nodes, (node) => node.parent);
  const subtreeEnd = Int32Array.from({ length }, (_, n) => n + 1);
  const hasChild = new Uint8Array(length);
  for (let n = length - 1; n >= 0; n--) {
    const p = parent[n];
    if (p === NONE) continue;
    hasChild[p] = 1;
    subtreeEnd[p] = Math.max(subtreeEnd[p], subtreeEnd[n]);
  }
  const edgeStart = new Int32Array(length + 1);
  const depth = new Int32Array(length);
  const treeStart: number[] = [];
  const trajectoryStart: number[] = [];
  const leaf: number[] = [];
  const reachStart = new Int32Array(length);
  for (let n = 0; n < length; n++) {
    const tokens = nodes[n].tokens ?? 1;
    edgeStart[n + 1] = edgeStart[n] + tokens;
    if (parent[n] === NONE) {
      treeStart.push(n);
      trajectoryStart.push(leaf.length);
    } else depth[n] = depth[parent[n]] + edgeStart[parent[n] + 1] - edgeStart[parent[n]];
    reachStart[n] = leaf.length;
    for (let i = 0; i < (nodes[n].ends ?? 0) + (hasChild[n] === 0 ? 1 : 0); i++) leaf.push(n);
  }
  const reachCount = new Int32Array(length);
  for (let n = 0; n < length; n++) {
    for (const end of leaf) if (end >= n && end < subtreeEnd[n]) reachCount[n]++;
  }
  const count = leaf.length;
  const kind = Uint8Array.from(nodes, (node) => KIND[node.kind ?? 'text']);
  const flags = Uint8Array.from(nodes, (node) => node.flags ?? FLAG.sampled);
  const tool = Int32Array.from(nodes, (node) => node.tool ?? NONE);
  return {
    length,
    parent,
    subtreeEnd,
    edgeStart,
    edgeTokens: new Int32Array(edgeStart[length]),
    depth,
    reachCount,
    reachStart,
    sampledCount: reachCount.map((g, n) => ((flags[n] & FLAG.sampled) === 0 ? 0 : g)),
    kind,
    kinds: Uint16Array.from(kind, (k) => 1 << k),
    flags,
    endings: guessEndings({ parent, kind, tool, flags }),
    tool,
    tools: ['search', 'edit'],
    treeStart: Int32Array.from([...treeStart, length]),
    trajectoryStart: Int32Array.from([...trajectoryStart, count]),
    trajectoryOrder: Int32Array.from({ length: count }, (_, t) => t),
    trajectories: {
      length: count,
      rollout: Int32Array.from({ length: count }, (_, t) => t),
      branch: new Int32Array(count),
      leaf: Int32Array.from(leaf),
      tokenCount: Int32Array.from(leaf, (n) => depth[n] + edgeStart[n + 1] - edgeStart[n]),
      reward: new Float64Array(count),
      advantage: new Float64Array(count).fill(Number.NaN),
      // Every node is sampled by all trajectories through it or by none, so nobody looks these up.
      sampledStart: new Int32Array(count + 1),
      sampledRuns: new Int32Array(0),
    },
    channels: { entropy: null, entropyLow: null, entropyHigh: null, surprisal: null, advantage: null, model: null },
    surprisalSpread: null,
    keys: Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 === 0 ? 0 : i >> 1)),
  };
}

/** The key of row `n` of such a forest. */
export function keyOfRow(n: number): string {
  return n.toString(16).padStart(16, '0');
}

/** Nothing protected, no context: the bare tree knapsack unless the nodes have `open` flags. */
export const BARE: Partial<PruneRule> = { protect: {}, trainProtect: {}, context: 0 };

/** A problem on these nodes; importance equals signal unless given. */
export function problemOf(
  nodes: readonly NodeSpec[],
  rule: Partial<PruneRule> = BARE,
  columns: Partial<Omit<PruneProblem, 'forest' | 'rule'>> = {},
): PruneProblem {
  const forest = forestOf(nodes);
  const signal = Float64Array.from(nodes, (node) => node.signal ?? 0);
  return {
    forest,
    signal,
    importance: signal,
    trajectoryAdvantage: forest.trajectories.advantage,
    trajectoryReward: forest.trajectories.reward,
    rule: { ...DEFAULT_RULE, ...rule },
    ...columns,
  };
}

/** Random nodes in pre-order: each hangs from somewhere on the path to the node before it, or opens a new tree. */
export function nodesArbitrary(options: { size: number; open?: boolean; kinds?: boolean }): fc.Arbitrary<NodeSpec[]> {
  const row = fc.record({
    up: fc.nat({ max: 3 }),
    root: fc.nat({ max: 7 }),
    tokens: fc.integer({ min: 1, max: 9 }),
    signal: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
    open: fc.boolean(),
    kind: fc.constantFrom<Kind>('text', 'thinking', 'call', 'result', 'memory'),
    extra: fc.constantFrom(0, FLAG.error, FLAG.final),
    sampled: fc.boolean(),
    tool: fc.integer({ min: NONE, max: 1 }),
  });
  return fc.array(row, { minLength: 1, maxLength: options.size }).map((rows) => {
    const nodes: NodeSpec[] = [];
    for (const [n, { up, root, tokens, signal, open, kind, extra, sampled, tool }] of rows.entries()) {
      let parent = n - 1;
      for (let i = 0; i < up && parent !== NONE && nodes[parent].parent !== NONE; i++) parent = nodes[parent].parent;
      if (root === 0) parent = NONE;
      const flags = (sampled ? FLAG.sampled : 0) | (options.open === true && open ? FLAG.open : 0) | (options.kinds === true ? extra : 0);
      nodes.push({ parent, tokens, signal, flags, tool, kind: options.kinds === true ? kind : 'text' });
    }
    return nodes;
  });
}

/** Protection rules, hand choices, context, unit, scope, strategy and seed at random. */
export function ruleArbitrary(size: number): fc.Arbitrary<Partial<PruneRule>> {
  const protection = fc.oneof(
    fc.constant({ level: 'off' } as const),
    fc.record({ level: fc.constant('favour' as const), factor: fc.integer({ min: 1, max: 4 }) }),
    fc.constant({ level: 'pin' } as const),
  );
  const rules = fc.record(
    { tool: protection, result: protection, memory: protection, error: protection, final: protection },
    { requiredKeys: [] },
  );
  return fc.record({
    protect: rules,
    trainProtect: rules,
    hand: fc.array(fc.record({ key: fc.nat({ max: size }).map(keyOfRow), protection }), { maxLength: 2 }),
    context: fc.nat({ max: 2 }),
    unit: fc.constantFrom('distinct', 'flat'),
    scope: fc.constantFrom('global', 'task'),
    strategy: fc.constantFrom(
      'density',
      'best-first',
      'random',
      'breadth-first',
      'reach',
      'longest-path',
      'top-advantage',
      'pods',
      'whole-rollouts',
      'best-rollouts',
      'whole-branches',
      'hes',
    ),
    seed: fc.nat({ max: 99 }),
  });
}
