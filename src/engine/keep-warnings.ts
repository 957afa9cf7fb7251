/** What somebody should know of a budget before anything is written by it. */
import type { KeepSummary } from '../core/prune/counters.ts';
import type { KeepWarning } from './answers/pruning.ts';

/** A sharing below this says that rollouts share little but their prompt: then the train target fits better. [ours] */
const CUT_SUITS_FROM = 0.3;

export function suitsCut(shared: number): boolean {
  return shared >= CUT_SUITS_FROM;
}

/** @param training tokens that carry loss */
export function keepWarnings({ share, counts, cost }: KeepSummary, training: number): KeepWarning[] {
  const found: KeepWarning[] = [];
  // Where only successes train, the whole budget leaves failures out.
  const isCut = share < 1 && cost.kept < cost.total;
  const { sampled, tasks, endedTasks, distinct, flat } = counts;
  const shared = flat.total > 0 ? 1 - distinct.total / flat.total : 0;
  if (sampled.total === 0) return found;
  if (sampled.kept === 0) found.push({ code: 'keeps-nothing', nodes: counts.nodes.kept });
  else {
    const empty = tasks.total - tasks.kept;
    const withoutEndings = endedTasks.total - endedTasks.kept - Math.min(empty, endedTasks.total);
    if (empty > 0) found.push({ code: 'empty-tasks', tasks: empty, of: tasks.total });
    if (withoutEndings > 0) found.push({ code: 'tasks-without-endings', tasks: withoutEndings, of: tasks.total });
    if (training === 0) found.push({ code: 'trains-nothing' });
  }
  if (isCut && !suitsCut(shared)) found.push({ code: 'little-shared', shared });
  return found;
}
