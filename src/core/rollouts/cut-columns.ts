/** What a cut makes of each rollout, as columns beside those of the log. */
import type { NumberColumn, RolloutColumns } from './columns.ts';
import type { CutFigures } from './cut-figures.ts';

/** The columns of a log, and with a cut its own, `kept` and `trained`, in front of the fields of the log. */
export function withCutColumns({ length, columns }: RolloutColumns, figures: CutFigures | null): RolloutColumns {
  if (figures === null) return { length, columns };
  const kept: NumberColumn = {
    type: 'number',
    id: 'kept',
    label: 'kept',
    help: 'Share of its distinct tokens that the cut keeps.',
    unit: 'share',
    values: figures.kept,
  };
  const trained: NumberColumn = {
    type: 'number',
    id: 'trained',
    label: 'trained',
    help: 'Distinct tokens of it that carry loss at this budget.',
    unit: 'tokens',
    values: figures.trained,
  };
  const at = columns.findIndex(({ id }) => id.startsWith('field.'));
  return { length, columns: at < 0 ? [...columns, kept, trained] : columns.toSpliced(at, 0, kept, trained) };
}
