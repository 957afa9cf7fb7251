/** Tasks that a model cannot read. */
import type { Forest } from '../../core/model/forest.ts';

/** Takes tasks out of what is wanted; a sentence that says so, where there are any. */
export function leaveOut(forest: Forest, wanted: Uint8Array, tasks: readonly number[]): string[] {
  let tokens = 0;
  for (const task of tasks) {
    const from = forest.edgeStart[forest.treeStart[task] ?? 0] ?? 0;
    const to = forest.edgeStart[forest.treeStart[task + 1] ?? 0] ?? 0;
    for (let i = from; i < to; i++) tokens += wanted[i] ?? 0;
    wanted.fill(0, from, to);
  }
  if (tokens === 0) return [];
  return [
    `${tasks.length} of ${forest.treeStart.length - 1} tasks are left out: ` +
      `they hold token ids (${tokens} to score) of a tokenizer that is not loaded`,
  ];
}
