/** What an unknown value counts where others are known: otherwise a log that is known in part would be judged by that part. */
import { KINDS } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { taskOf } from '../tree/navigate.ts';
import type { FillTotals } from './whole-log.ts';

export const FILLS = [
  {
    id: 'mean',
    label: 'the task’s mean per token',
    help: 'The mean of its kind in its task. Where some task knows less than half, each gets the same share of its own cost.',
  },
  { id: 'none', label: 'leave out', help: 'No signal: what is not known is the first to go.' },
] as const;

export type Fill = (typeof FILLS)[number]['id'];

/**
 * node -> what each of its tokens without a value counts [ours]: the mean of the known tokens of the node's kind in its task;
 * where there is none, of that kind in the forest; where there is none, of the forest. Under `none` it is 0. Tokens count once each.
 * O(nodes).
 *
 * @param sum node -> of the known values of its tokens. @param known node -> tokens with a value
 * @param whole of the log that the forest is a part of, in place of its own
 */
export function fillValues(
  forest: Forest,
  sum: Float64Array,
  known: Int32Array,
  whole: FillTotals | null = null,
  fill: Fill = 'mean',
): (node: number) => number {
  if (fill === 'none') return () => 0;
  const kinds = KINDS.length;
  const tasks = forest.treeStart.length - 1;
  // Rows: one for each task, then the forest. Columns: one for each kind, then all together.
  const total = new Float64Array((tasks + 1) * (kinds + 1));
  const count = new Float64Array(total.length);
  const cellsOf = (task: number, n: number): readonly number[] => [
    task * (kinds + 1) + forest.kind[n],
    tasks * (kinds + 1) + forest.kind[n],
    total.length - 1,
  ];
  for (let task = 0; task < tasks; task++) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      if (known[n] === 0) continue;
      for (const cell of cellsOf(task, n)) {
        total[cell] += sum[n];
        count[cell] += known[n];
      }
    }
  }
  if (whole !== null) {
    total.set(whole.total, tasks * (kinds + 1));
    count.set(whole.count, tasks * (kinds + 1));
  }
  return (n) => {
    const cell = cellsOf(taskOf(forest, n), n).find((at) => count[at] > 0);
    return cell === undefined ? 0 : total[cell] / count[cell];
  };
}

/** Adds those of a part to the totals, in the order of its nodes: after the last part they are those of the whole, to the bit. */
export function addFillTotals({ total, count }: FillTotals, forest: Forest, sum: Float64Array, known: Int32Array): void {
  for (let n = 0; n < forest.length; n++) {
    if (known[n] === 0) continue;
    for (const cell of [forest.kind[n], KINDS.length]) {
      total[cell] += sum[n];
      count[cell] += known[n];
    }
  }
}
