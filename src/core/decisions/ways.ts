/**
 * The ways that rollouts go on from a place in an action tree: each next step is one, and so is doing nothing more. A place with two or
 * more ways is a fork of decisions. The place before a task's first step has no node: it is called `NONE`.
 */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';

/** A stretch of `trajectoryOrder` that goes the same way. */
export interface Way {
  /** The next step; NONE: nothing more is done. */
  readonly node: number;
  /** Its trajectories: trajectoryOrder[from .. to) */
  readonly from: number;
  readonly to: number;
}

/** @param node NONE: before the first step of the task */
export function waysFrom(forest: Forest, task: number, node: number): Way[] {
  const { subtreeEnd, reachStart, reachCount, treeStart, trajectoryStart } = forest;
  const first = node === NONE ? treeStart[task] : node + 1;
  const end = node === NONE ? treeStart[task + 1] : subtreeEnd[node];
  let at = node === NONE ? trajectoryStart[task] : reachStart[node];
  const ways: Way[] = [];
  // Those that end at a node come before those that go on.
  const ended = first < end ? reachStart[first] : node === NONE ? at : at + reachCount[node];
  if (ended > at) ways.push({ node: NONE, from: at, to: ended });
  at = ended;
  for (let child = first; child < end; child = subtreeEnd[child]) ways.push({ node: child, from: at, to: (at += reachCount[child]) });
  return ways;
}

/** Whether trajectories go two or more ways from here. O(1) */
export function isDecision(forest: Forest, task: number, node: number): boolean {
  const { subtreeEnd, reachCount, treeStart, trajectoryStart } = forest;
  const first = node === NONE ? treeStart[task] : node + 1;
  const end = node === NONE ? treeStart[task + 1] : subtreeEnd[node];
  if (first >= end) return false;
  const through = node === NONE ? trajectoryStart[task + 1] - trajectoryStart[task] : reachCount[node];
  return subtreeEnd[first] < end || reachCount[first] < through;
}

/** A node and the steps after it that all its trajectories do, up to where they part or end. */
export function runFrom(forest: Forest, task: number, node: number): number[] {
  const run = [node];
  for (let at = node; at + 1 < forest.subtreeEnd[at] && !isDecision(forest, task, at);) run.push(++at);
  return run;
}
