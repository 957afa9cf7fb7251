/** Prefix costs as CSV: a line for each task of each set, with every count and the FLOPs of each way. */
import { wayFlops, type TrainedModel } from '../../../core/prefix/flops.ts';
import { WAYS, type Way, type WayCounts } from '../../../core/prefix/ways.ts';
import { RECORD_SETS, type PrefixCostAnswer, type RecordSetCost } from '../../answers/prefix-cost.ts';
import { numberCell, textCell } from '../../csv-cells.ts';

const COUNTS = ['tokens', 'keys', 'backTokens', 'backKeys', 'blockKeys'] as const satisfies readonly (keyof WayCounts)[];
const NAMES: Readonly<Record<keyof WayCounts, string>> = {
  tokens: 'tokens',
  keys: 'keys',
  backTokens: 'backward_tokens',
  backKeys: 'backward_keys',
  blockKeys: 'block_keys',
};

/** Counts of a task. */
export function countsAt({ columns }: RecordSetCost, way: Way, row: number): WayCounts {
  const of = (name: keyof WayCounts): number => columns[way][name][row] ?? 0;
  return { tokens: of('tokens'), keys: of('keys'), backTokens: of('backTokens'), backKeys: of('backKeys'), blockKeys: of('blockKeys') };
}

export function prefixCostCsv(answer: PrefixCostAnswer, model: TrainedModel, recomputes: boolean): string {
  const ofWays = WAYS.flatMap((way) => [...COUNTS.map((name) => `${way}_${NAMES[name]}`), `${way}_flops`]);
  const lines = [['set', 'task', 'records', 'longest', 'over_context', ...ofWays].join(',')];
  for (const set of RECORD_SETS) {
    const cost = answer.sets[set];
    for (const [row, task] of cost.task.entries()) {
      const cells = WAYS.flatMap((way) => {
        const counts = countsAt(cost, way, row);
        return [...COUNTS.map((name) => String(counts[name])), numberCell(wayFlops(counts, model, recomputes).total)];
      });
      const { taskRecords, taskLongest, taskOverContext } = cost;
      const own = [taskRecords[row], taskLongest[row], taskOverContext[row]].map(String);
      lines.push([set, textCell(answer.taskKeys[task] ?? ''), ...own, ...cells].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
