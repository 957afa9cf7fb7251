/** Why a node is kept or dropped: the facts from which the page and the CLI make their sentences. */

import type { EventKind } from '../model/rule.ts';
import type { Kind } from '../model/kinds.ts';
import { EVENT_KINDS } from '../model/protection.ts';
import { KINDS, NONE } from '../model/kinds.ts';
import type { Cut } from './cut.ts';
import { NEVER, type PruneOrder } from './order.ts';
import type { PruneProblem } from './problem.ts';
import { taskOf } from '../tree/navigate.ts';
import { BY_ACT, BY_HAND } from './protection.ts';
import { LINK } from './units.ts';

export interface NodeReason {
  readonly node: number;
  readonly kept: boolean;
  /** 1-based place of its group among `ranks` groups of its scope. */
  readonly rank: number;
  readonly ranks: number;
  readonly signal: number;
  readonly signalPerToken: number;
  readonly importance: number;
  /** In the rule's unit. */
  readonly cost: number;
  /** Share of its scope's total cost at which its group is kept whole: the least budget that keeps the node. */
  readonly keptFrom: number;
  /** Share of its scope's total cost at which its block opens (density), or its group. */
  readonly blockOpens: number;
  readonly protection:
    | { readonly level: 'off' }
    | { readonly level: 'favour'; readonly factor: number; readonly because: EventKind | 'hand' | 'act' }
    | { readonly level: 'pin'; readonly because: EventKind | 'hand' | 'act' };
  /** Not pinned itself, but an ancestor or the completion of a pinned node. */
  readonly demandedByPin: boolean;
  /** Nodes of its unit, from first to last, and why each is joined to the next ('pair': an event or a call goes on). */
  readonly unit: readonly { readonly node: number; readonly kind: Kind; readonly joinedBy: 'pair' | 'context' | null }[];
  /** Its unit may not end a path: it waits for the first of several continuations. */
  readonly waits: boolean;
}

/** O(length of its unit + log n). Throws where the node is not in the forest. */
export function explainNode(problem: PruneProblem, order: PruneOrder, cut: Cut, node: number): NodeReason {
  const { forest, signal, importance } = problem;
  if (!(node >= 0 && node < forest.length)) throw new Error(`expected a node below ${forest.length}, found ${node}`);
  const { units, protections, link, cost } = order.plan;
  const u = units.unitOf[node];
  if (u === NONE) return excludedNode(order, node, taskOf(forest, node));
  const scope = order.scope === 'global' ? 0 : units.task[u];
  const first = order.start[scope];
  const last = order.start[scope + 1] - 1;
  const total = order.cost[last];
  const row = first + order.rank[node] + 1;
  return {
    node,
    kept: order.rank[node] < cut.limit[units.task[u]],
    rank: order.rank[node] + 1,
    ranks: last - first,
    signal: signal[node],
    signalPerToken: signal[node] / (forest.edgeStart[node + 1] - forest.edgeStart[node]),
    importance: importance[node],
    cost: cost[node],
    keptFrom: total > 0 ? order.cost[row] / total : 0,
    blockOpens: total > 0 ? order.cost[first + order.blockOpens[row]] / total : 0,
    protection: protectionOf(protections.pinned[node] === 1, protections.factor[node], protections.because[node]),
    demandedByPin: units.mandatory[u] === 1 && protections.pinned[node] === 0,
    unit: unitNodes(order, u).map((n) => ({
      node: n,
      kind: KINDS[forest.kind[n]],
      joinedBy: n === units.bottom[u] || link[n] === LINK.none ? null : link[n] === LINK.pair ? 'pair' : 'context',
    })),
    waits: units.open[u] === 1,
  };
}

/** Of a node that acts dropped there is nothing to say but that no budget keeps it. */
function excludedNode(order: PruneOrder, node: number, task: number): NodeReason {
  const scope = order.scope === 'global' ? 0 : task;
  const ranks = order.start[scope + 1] - 1 - order.start[scope];
  return {
    node,
    kept: false,
    rank: NEVER,
    ranks,
    signal: 0,
    signalPerToken: 0,
    importance: 0,
    cost: 0,
    keptFrom: Infinity,
    blockOpens: Infinity,
    protection: { level: 'off' },
    demandedByPin: false,
    unit: [],
    waits: false,
  };
}

function protectionOf(pinned: boolean, factor: number, because: number): NodeReason['protection'] {
  if (because === NONE) return { level: 'off' };
  const reason = because === BY_HAND ? 'hand' : because === BY_ACT ? 'act' : EVENT_KINDS[because];
  return pinned ? { level: 'pin', because: reason } : { level: 'favour', factor, because: reason };
}

/** The path from a unit's first to its last node. */
function unitNodes(order: PruneOrder, u: number): number[] {
  const { units, shape } = order.plan;
  const nodes = [units.top[u]];
  // Only most-reached children are ever joined.
  while (nodes[nodes.length - 1] !== units.bottom[u]) nodes.push(shape.mainChild[nodes[nodes.length - 1]]);
  return nodes;
}
