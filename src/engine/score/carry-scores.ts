/** Scores of tokens that are in the next forest too: a token's score depends on what precedes it, and not on its place. */
import { fitSketches, toRuns } from '../../core/gradient/runs.ts';
import { NONE } from '../../core/model/kinds.ts';
import { sameTokens } from '../../core/tree/same-tokens.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { Dataset } from '../dataset.ts';
import { isUnscored, type Held } from './model-columns.ts';

/**
 * Unchanged tasks are copied; of changed ones, every token whose whole prefix is in both forests keeps its score. Where a model
 * has another tokenizer, scores were shared out within a node: they stay as they are, also where the node has been cut since.
 */
export function carryScores(held: Held, after: Dataset, { spans }: Pick<Spliced, 'spans'>): Held {
  const from = held.dataset.tokens;
  const to = after.tokens;
  const length = to.forest.edgeTokens.length;
  const entropy = new Float32Array(length).fill(NaN);
  const surprisal = new Float32Array(length).fill(NaN);
  const gradient = new Float32Array(length).fill(NaN);
  const { sketches } = held;
  const moved = sketches && new Int32Array(held.entropy.length).fill(NONE);
  const copy = (start: number, at: number, count: number): void => {
    if (moved !== null) for (let i = 0; i < count; i++) moved[start + i] = at + i;
    entropy.set(held.entropy.subarray(start, start + count), at);
    surprisal.set(held.surprisal.subarray(start, start + count), at);
    gradient.set(held.gradient.subarray(start, start + count), at);
  };
  const taskBefore = new Map(from.tasks.map(({ key }, task) => [key, task]));
  for (const span of spans) {
    if (span.side === 0) {
      const { treeStart, edgeStart } = from.forest;
      const start = edgeStart[treeStart[span.fromTask] ?? 0] ?? 0;
      copy(start, span.token, (edgeStart[treeStart[span.toTask] ?? 0] ?? 0) - start);
      continue;
    }
    for (let task = span.task; task < span.task + span.toTask - span.fromTask; task++) {
      const before = taskBefore.get(to.tasks[task]?.key ?? '');
      if (before !== undefined) sameTokens(from.forest, before, to.forest, task, copy);
    }
  }
  const runs = sketches && toRuns(sketches, from.forest.edgeStart);
  const carried = runs && fitSketches(runs, to.forest, (at) => moved?.[at] ?? NONE);
  let scored = 0;
  for (let i = 0; i < length; i++) if (!isUnscored({ entropy, gradient }, i)) scored++;
  return { ...held, dataset: after, entropy, surprisal, gradient, scored, sketches: carried };
}
