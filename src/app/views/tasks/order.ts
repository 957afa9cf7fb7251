/** Which tasks are listed, and in which order. */
import type { TaskTable } from '../../../engine/answers/dataset.ts';
import type { SortBy } from '../../state/looks.ts';

export const SORT_NAMES: Readonly<Record<SortBy, string>> = {
  signal: 'retained signal',
  tokens: 'distinct tokens',
  sharing: 'sharing',
  spread: 'reward spread',
  name: 'name',
  arrival: 'arrival',
};

/**
 * Task indices, sorted; ties stay in order of arrival. Largest first, names from A.
 * @param taken task -> rollouts that the filter takes: only tasks with some are listed; null: all
 */
export function taskOrder(tasks: TaskTable, keptSignal: Float64Array | undefined, sort: SortBy, taken: Int32Array | null): number[] {
  const listed: number[] = [];
  for (let t = 0; t < tasks.length; t++) if (taken === null || (taken[t] ?? 0) > 0) listed.push(t);
  listed.sort((a, b) => (tasks.arrival[a] ?? 0) - (tasks.arrival[b] ?? 0));
  if (sort === 'arrival') return listed;
  if (sort === 'name') return listed.sort((a, b) => compareNames(tasks.label[a] ?? '', tasks.label[b] ?? ''));
  const value = (t: number): number => {
    const found =
      sort === 'signal'
        ? keptSignal?.[t]
        : sort === 'tokens'
          ? tasks.distinct[t]
          : sort === 'sharing'
            ? tasks.sharing[t]
            : (tasks.rewardMax[t] ?? Number.NaN) - (tasks.rewardMin[t] ?? Number.NaN);
    return found === undefined || Number.isNaN(found) ? -Infinity : found;
  };
  return listed.sort((a, b) => {
    const left = value(a);
    const right = value(b);
    return left === right ? 0 : right - left;
  });
}

const names = new Intl.Collator('en', { numeric: true });

function compareNames(a: string, b: string): number {
  return names.compare(a, b);
}

/** What must be left of a label for its beginning to be left out. */
const LEAST_LABEL = 12;

/** Length of the words that all labels begin with: what says nothing in a list. 0 where it is short or there is one label. */
export function sharedPrefix(labels: readonly string[]): number {
  const [first = ''] = labels;
  let end = labels.length > 1 ? first.length : 0;
  for (const label of labels) while (end > 0 && !label.startsWith(first.slice(0, end))) end--;
  // Whole words only, and never all of a label.
  while (end > 0 && !/[\s:/_.-]/.test(first.charAt(end - 1))) end--;
  return end >= 10 && labels.every((label) => label.length - end >= LEAST_LABEL) ? end : 0;
}
