/** What policies took, as CSV: a row each, with the settings that they were simulated under. */
import { CLUSTER_NAMES } from '../../../core/schedule/settings.ts';
import type { OverSeeds } from '../../../core/schedule/compare.ts';
import type { ScheduleRuns } from '../../answers/schedule.ts';

const USES = ['generating', 'tools', 'training', 'switching', 'updating', 'idle'] as const;
const OVER = ['makespan', 'throughput', 'toSeparated', 'toColocated', 'idle'] as const;

export function runsCsv({ cluster, comparison }: Extract<ScheduleRuns, { ok: true }>): string {
  const head = [
    'policy',
    ...OVER.flatMap((name) => [name, `${name}Low`, `${name}High`]),
    ...USES.map((name) => `${name}Share`),
    'meanLag',
    ...CLUSTER_NAMES,
  ];
  const rows = comparison.results.map((result) => [
    result.policy,
    ...OVER.flatMap((name) => numbersOf(result[name])),
    ...USES.map((name) => result.use[name]),
    result.lags.reduce((sum, share, lag) => sum + share * lag, 0),
    ...CLUSTER_NAMES.map((name) => cluster[name]),
  ]);
  return [head, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function numbersOf({ mean, low, high }: OverSeeds): number[] {
  return [mean, low, high];
}
