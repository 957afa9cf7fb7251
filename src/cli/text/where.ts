/** What `espalier inspect --where` says of the rollouts that a filter takes. */
import type { FoundRollouts } from '../finding.ts';
import { counted, countText } from './figures.ts';

/** As JSON. */
export function whereReport({ filter, of, rollouts, unsearched }: FoundRollouts): object {
  return {
    filter,
    rollouts: rollouts.length,
    of,
    tasks: new Set(rollouts.map(({ task }) => task)).size,
    places: rollouts.reduce((sum, { total }) => sum + total, 0),
    files: Object.fromEntries(byFile(rollouts)),
    ...(unsearched === null ? {} : { unsearched }),
  };
}

export function whereLines({ filter, of, rollouts, unsearched }: FoundRollouts): string[] {
  const tasks = new Set(rollouts.map(({ task }) => task)).size;
  return [
    '',
    `where ${filter}: ${countText(rollouts.length)} of ${counted(of, 'rollout')}, in ${counted(tasks, 'task')}`,
    ...[...byFile(rollouts)].map(([file, count]) => `  ${file}  ${counted(count, 'rollout')}`),
    ...(unsearched === null ? [] : [`  ${counted(unsearched.rollouts, 'rollout')} could not be looked through: ${unsearched.why}`]),
  ];
}

function byFile(rollouts: FoundRollouts['rollouts']): Map<string, number> {
  const files = new Map<string, number>();
  for (const { file } of rollouts) files.set(file, (files.get(file) ?? 0) + 1);
  return files;
}
