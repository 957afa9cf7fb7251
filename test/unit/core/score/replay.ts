/** What a plan makes the model see, replayed step by step; and the same told slowly from each wanted token's own path. */
import { NONE } from '../../../../src/core/model/kinds.ts';
import { START } from '../../../../src/core/score/windows.ts';
import type { ScorePlan } from '../../../../src/core/score/plan.ts';
import type { TokenTree } from '../../../../src/core/score/token-tree.ts';

export interface Seen {
  /** scored edge token -> the edge tokens that the model has seen when it is asked about it */
  readonly contexts: ReadonlyMap<number, readonly number[]>;
  /** What was forwarded: context + token as text, in order. */
  readonly forwarded: readonly string[];
  readonly scoredTwice: number;
  readonly longest: number;
  readonly widest: number;
}

export function replay(plan: ScorePlan): Seen {
  const contexts = new Map<number, readonly number[]>();
  const forwarded: string[] = [];
  let path: number[] = [];
  let scoredTwice = 0;
  let longest = 0;
  let widest = 0;
  for (let s = 0; s < plan.steps; s++) {
    const past = plan.stepPast[s];
    if (past > path.length) throw new Error(`step ${s}: continues ${past} tokens of a path of ${path.length}`);
    const before = path.slice(0, past);
    const rows = plan.stepRow[s + 1] - plan.stepRow[s];
    if (plan.stepKeep[s] === 1 && rows !== 1) throw new Error(`step ${s}: keeps one of ${rows} rows`);
    let width = 0;
    for (let r = plan.stepRow[s]; r < plan.stepRow[s + 1]; r++) {
      const row = Array.from(plan.position.subarray(plan.rowFrom[r], plan.rowTo[r]));
      if (row.length === 0) throw new Error(`row ${r}: no tokens`);
      width = Math.max(width, row.length);
      row.forEach((_, i) => forwarded.push([...before, ...row.slice(0, i + 1)].join(' ')));
      for (let q = plan.rowQuery[r]; q < plan.rowQueryEnd[r]; q++) {
        const target = plan.queryTarget[q];
        if (contexts.has(target)) scoredTwice++;
        contexts.set(target, [...before, ...row.slice(0, plan.queryAt[q] - plan.rowFrom[r] + 1)]);
      }
      longest = Math.max(longest, past + row.length);
      if (plan.stepKeep[s] === 1) path = [...before, ...row];
    }
    widest = Math.max(widest, width * rows);
  }
  return { contexts, forwarded, scoredTwice, longest, widest };
}

/** Edge tokens from the root to `position`, both included. */
export function pathTo(tree: TokenTree, position: number): number[] {
  let n = 0;
  while (tree.edgeStart[n + 1] <= position) n++;
  const path: number[] = [];
  for (let i = position; i >= tree.edgeStart[n]; i--) path.unshift(i);
  for (let p = tree.parent[n]; p !== NONE; p = tree.parent[p])
    for (let i = tree.edgeStart[p + 1] - 1; i >= tree.edgeStart[p]; i--) path.unshift(i);
  return path;
}

/** By the stated rule: the context of every wanted token, and each distinct prefix that any of them needs in its window. */
export function slowScores(
  tree: TokenTree,
  wanted: Uint8Array,
  context: number,
  overlap: number,
  start: boolean,
): Pick<Seen, 'contexts'> & { readonly forwarded: ReadonlySet<string> } {
  const capacity = context - (start ? 1 : 0);
  const contexts = new Map<number, readonly number[]>();
  const forwarded = new Set<string>();
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === 0) continue;
    const path = pathTo(tree, i);
    const depth = path.length - 1;
    let first = 0;
    while (depth > first + capacity) first += capacity - overlap;
    const seen = path.slice(first, depth);
    if (first === 0 && start) seen.unshift(START);
    if (seen.length === 0) continue;
    contexts.set(i, seen);
    // Windows of one start are told apart by their tokens, which are edge positions and so name their path.
    const window = first === 0 && start ? `task ${taskOf(tree, i)}:` : '';
    seen.forEach((_, k) => forwarded.add(window + seen.slice(0, k + 1).join(' ')));
  }
  return { contexts, forwarded };
}

function taskOf(tree: TokenTree, position: number): number {
  let task = 0;
  while (tree.edgeStart[tree.treeStart[task + 1]] <= position) task++;
  return task;
}
