/**
 * Nodes that can only be kept together, joined into units: a call with its result, an event with its end, a protected
 * node with its local context. A unit is a downward path, so the units form a tree like the nodes do.
 */

import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { nodeCosts } from './cost.ts';
import type { PruneProblem } from './problem.ts';
import { countedSignal, nodeTasks } from './problem.ts';
import type { Protections } from './protection.ts';
import { BY_ACT, BY_HAND, protectNodes } from './protection.ts';
import type { NodeShape } from './segments.ts';
import { branchOf, spread } from './spread.ts';
import { continuesSegment, isClosed, nodeShape } from './segments.ts';

/** Rows in pre-order of their top nodes: a parent has a smaller number than its children, subtrees are intervals. */
export interface Units {
  readonly length: number;
  /** node -> unit; NONE where acts dropped it */
  readonly unitOf: Int32Array;
  /** unit -> its first and its last node; those between are the path that joins them */
  readonly top: Int32Array;
  readonly bottom: Int32Array;
  /** unit -> unit | NONE */
  readonly parent: Int32Array;
  /** unit -> unit, exclusive */
  readonly subtreeEnd: Int32Array;
  readonly task: Int32Array;
  /** unit -> 1: a kept path may not end at its last node, so a unit below that node must be kept with it */
  readonly open: Uint8Array;
  /** unit -> 1: it hangs from its parent's last node, so it can close an open parent */
  readonly belowEnd: Uint8Array;
  /** unit -> 1: pinned, an ancestor of a pinned unit, or what completes one */
  readonly mandatory: Uint8Array;
  readonly cost: Float64Array;
  readonly signal: Float64Array;
  /** unit -> signal with favours: for ranking only */
  readonly rankSignal: Float64Array;
  /** unit -> largest importance of its nodes, with favours */
  readonly importance: Float64Array;
  /** unit -> its place where units tie, and the share of its task before it: see `spread` */
  readonly place: Int32Array;
  readonly share: Uint32Array;
}

/** Why a node is joined to the one below it. */
export const LINK = { none: 0, pair: 1, context: 2 } as const;

export interface UnitPlan {
  readonly units: Units;
  readonly shape: NodeShape;
  readonly protections: Protections;
  /** node -> cost in `rule.unit` */
  readonly cost: Float64Array;
  /** node -> LINK to its most-reached child */
  readonly link: Uint8Array;
}

/** Joins the nodes of a problem into units under its rule. O(nodes). */
export function planUnits(problem: PruneProblem): UnitPlan {
  const { forest, rule } = problem;
  const shape = nodeShape(forest);
  const protections = protectNodes(forest, rule.protect, rule.hand, 'ends', problem.acts);
  const cost = nodeCosts(forest, rule.unit, rule.model);
  const link = linkNodes(forest, shape, protections, rule.context);
  const units = joinUnits(problem, shape, protections, cost, link);
  return { units, shape, protections, cost, link };
}

/**
 * node -> whether it is kept only together with its most-reached child: an open node with one child (nothing is lost
 * by joining them), or a protected node and the `context` segments that follow it. A segment that is cut short by a
 * fork is followed to its end without counting twice. A favoured or pinned kind starts its context where the event is
 * complete; a node chosen by hand starts it at once,
 * and one that an act names starts none.
 */
function linkNodes(forest: Forest, shape: NodeShape, { because }: Protections, context: number): Uint8Array {
  const link = new Uint8Array(forest.length);
  // node -> segments still to be kept after its own; -1 = none, 0 = only the rest of its own.
  const following = new Int32Array(forest.length).fill(-1);
  for (let n = 0; n < forest.length; n++) {
    const child = shape.mainChild[n];
    if (child === NONE) continue;
    const why = because[n];
    if (context > 0 && why !== NONE && why !== BY_ACT && (forest.endings[n] !== 0 || why === BY_HAND)) {
      following[n] = Math.max(following[n], context);
    }
    const left = following[n];
    const same = left >= 0 && continuesSegment(forest, child);
    if (same || left > 0) {
      link[n] = LINK.context;
      following[child] = same ? left : left - 1;
    }
    if (shape.childCount[n] === 1 && !isClosed(forest, n)) link[n] = LINK.pair;
  }
  return link;
}

function joinUnits(problem: PruneProblem, shape: NodeShape, protections: Protections, nodeCost: Float64Array, link: Uint8Array): Units {
  const { forest } = problem;
  const counted = countedSignal(problem);
  const unitOf = new Int32Array(forest.length);
  let length = 0;
  for (let n = 0; n < forest.length; n++) {
    const p = forest.parent[n];
    if (forest.excluded?.[n] === 1) unitOf[n] = NONE;
    else unitOf[n] = p !== NONE && link[p] !== LINK.none && shape.mainChild[p] === n ? unitOf[p] : length++;
  }
  const tasks = nodeTasks(forest);
  const units = {
    length,
    unitOf,
    top: new Int32Array(length).fill(NONE),
    bottom: new Int32Array(length),
    parent: new Int32Array(length).fill(NONE),
    subtreeEnd: new Int32Array(length),
    task: new Int32Array(length),
    open: new Uint8Array(length),
    belowEnd: new Uint8Array(length),
    mandatory: new Uint8Array(length),
    cost: new Float64Array(length),
    signal: new Float64Array(length),
    rankSignal: new Float64Array(length),
    importance: new Float64Array(length).fill(-Infinity),
  };
  for (let n = 0; n < forest.length; n++) {
    const u = unitOf[n];
    if (u === NONE) continue;
    if (units.top[u] === NONE) {
      units.top[u] = n;
      units.task[u] = tasks[n];
      const p = forest.parent[n];
      if (p !== NONE) units.parent[u] = unitOf[p];
    }
    units.bottom[u] = n;
    units.cost[u] += nodeCost[n];
    units.signal[u] += counted[n];
    units.rankSignal[u] += problem.signal[n] * protections.factor[n];
    units.importance[u] = Math.max(units.importance[u], problem.importance[n] * protections.factor[n]);
    if (protections.pinned[n] === 1) units.mandatory[u] = 1;
  }
  for (let u = length - 1; u >= 0; u--) {
    units.subtreeEnd[u] = Math.max(units.subtreeEnd[u], u + 1);
    const p = units.parent[u];
    if (!isClosed(forest, units.bottom[u])) units.open[u] = 1;
    if (p === NONE) continue;
    units.subtreeEnd[p] = Math.max(units.subtreeEnd[p], units.subtreeEnd[u]);
    if (forest.parent[units.top[u]] === units.bottom[p]) units.belowEnd[u] = 1;
    if (units.mandatory[u] === 1) units.mandatory[p] = 1;
  }
  completeMandatory(units, shape);
  const path = new Int32Array(length);
  for (let u = 0; u < length; u++) path[u] = branchOf(forest, units.top[u]);
  const { places: place, share } = spread(forest, { task: units.task, path, weight: units.cost, node: units.top, along: 'rows' });
  return { ...units, place, share };
}

/** A mandatory open unit whose end has no mandatory unit below it takes its most-reached continuation along. */
function completeMandatory(units: Omit<Units, 'place' | 'share'>, shape: NodeShape): void {
  const completed = new Uint8Array(units.length);
  for (let u = 0; u < units.length; u++) {
    if (units.mandatory[u] === 1 && units.belowEnd[u] === 1) completed[units.parent[u]] = 1;
  }
  for (let u = 0; u < units.length; u++) {
    if (units.mandatory[u] === 0 || units.open[u] === 0 || completed[u] === 1) continue;
    units.mandatory[units.unitOf[shape.mainChild[units.bottom[u]]]] = 1;
  }
}

/** unit -> key of its first node */
export function topKeys(units: Units, key: (node: number, task: number) => number): Float64Array {
  const keys = new Float64Array(units.length);
  for (let u = 0; u < units.length; u++) keys[u] = key(units.top[u], units.task[u]);
  return keys;
}
