/** Columns of rollouts as rankings of candidates: scores that a log has, of judges or reward models, are fields of its records. */
import type { ScoreList } from '../../../core/candidates/candidate.ts';
import type { NumberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';

/** What begins the name of such a ranking. */
const COLUMN_RANKING = 'column:';

/** Columns that can rank. */
export function rankingColumns({ columns }: Pick<RolloutsAnswer, 'columns'>): readonly NumberColumn[] {
  return columns.filter(
    (column): column is NumberColumn => column.type === 'number' && column.values.some((value) => !Number.isNaN(value)),
  );
}

/** @param name `column:ID`, or `column:-ID` where the smallest is best. @returns null where no column that can rank has this id */
export function columnRanking(rollouts: Pick<RolloutsAnswer, 'columns' | 'keys'>, name: string): ScoreList | null {
  if (!name.startsWith(COLUMN_RANKING)) return null;
  const asked = name.slice(COLUMN_RANKING.length);
  const columns = rankingColumns(rollouts);
  const exact = columns.find(({ id }) => id === asked);
  const column = exact ?? (asked.startsWith('-') ? columns.find(({ id }) => id === asked.slice(1)) : undefined);
  if (column === undefined) return null;
  const sign = exact === undefined ? -1 : 1;
  return {
    id: name,
    label: sign === 1 ? column.label : `least ${column.label}`,
    source: `the column ${column.id} of rollouts, ${sign === 1 ? 'largest' : 'smallest'} first`,
    values: rollouts.keys.flatMap((key, r) => {
      const value = column.values[r] ?? Number.NaN;
      return Number.isNaN(value) ? [] : [[key, sign * value] as const];
    }),
  };
}
