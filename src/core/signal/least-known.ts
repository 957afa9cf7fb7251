/** How much each task knows of a signal: where some know little, their nodes cannot be compared with those of others. */
import type { Forest } from '../model/forest.ts';
import type { Scope } from '../model/rule.ts';
import type { Fill } from './fill.ts';

/** A task that knows less than this share of its sampled tokens is not compared with others. [ours] */
const COMPARED_FROM = 0.5;

/**
 * The least share of its sampled tokens that a task knows, 0..1; 1 where none has a sampled token.
 * @param known node -> tokens with a value
 */
export function leastKnown({ treeStart, edgeStart, sampledCount }: Forest, known: Int32Array): number {
  let least = 1;
  for (let task = 0; task + 1 < treeStart.length; task++) {
    let tokens = 0;
    let values = 0;
    for (let n = treeStart[task]; n < treeStart[task + 1]; n++) {
      if (sampledCount[n] === 0) continue;
      tokens += edgeStart[n + 1] - edgeStart[n];
      values += known[n];
    }
    if (tokens > 0) least = Math.min(least, values / tokens);
  }
  return least;
}

/**
 * The scope that a rule has in force [ours]. A value that is filled in is a mean: above most of the values that it stands for, because
 * few tokens hold most of a signal. So a task of filled values would be kept whole before the better half of one that is known. Where
 * some task knows less than half of its tokens, each task gets the same share of its own cost instead.
 */
export function scopeInForce({ scope, fill }: { readonly scope: Scope; readonly fill: Fill }, least: number): Scope {
  return fill === 'mean' && least < COMPARED_FROM ? 'task' : scope;
}
