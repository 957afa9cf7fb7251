/** The table of rollouts beside their ground truths as CSV. */
import { NONE } from '../../../core/model/kinds.ts';
import { TRUTH_GAPS, type TruthsAnswer, type TruthStops } from '../../answers/truths.ts';
import { numberCell, textCell } from '../../csv-cells.ts';

const NAMES =
  'rollout,id,task,reward,discrepancy,relative_reward,unknown_because,is_truth,truths_of_task,nearest_truth,nearest_calls,calls_compared,' +
  'threshold,stopped_at_call,stopped_at_tool,node,tokens_sampled,tokens_saved';

/** One line a rollout; what is unknown is empty. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function truthsCsv({ rollouts, tasks, truths, truthsOf }: TruthsAnswer, stops: TruthStops): string {
  const lines = rollouts.keys.map((key, r) => {
    const task = rollouts.task[r] ?? NONE;
    const gap = rollouts.gap[r] ?? NONE;
    const nearest = truths[rollouts.nearest[r] ?? NONE];
    const call = stops.call[r] ?? NONE;
    return [
      key,
      textCell(rollouts.ids[r] ?? ''),
      textCell(tasks[task] ?? ''),
      numberCell(rollouts.reward[r] ?? Number.NaN),
      numberCell(rollouts.discrepancy[r] ?? Number.NaN),
      numberCell(rollouts.relative[r] ?? Number.NaN),
      TRUTH_GAPS[gap] ?? '',
      rollouts.isTruth[r] ?? 0,
      truthsOf[task] ?? 0,
      nearest === undefined ? '' : (nearest.rollouts[0] ?? 'reference'),
      nearest === undefined ? '' : nearest.calls,
      gap === NONE ? (rollouts.calls[r] ?? 0) : '',
      numberCell(stops.threshold),
      call === NONE ? '' : call + 1,
      textCell(stops.tool[r] ?? ''),
      stops.node[r] ?? '',
      rollouts.sampled[r] ?? 0,
      stops.saved[r] ?? 0,
    ].join(',');
  });
  return `${[NAMES, ...lines].join('\r\n')}\r\n`;
}
