/** What a cut makes of each rollout, as columns that a filter can ask about. */
import type { NumberColumn, RolloutColumns } from '../rollouts/columns.ts';
import type { CutFigures } from '../rollouts/cut-figures.ts';

/** The columns of a log, and with a cut its own: `kept` and `trained`. */
export function withCutColumns({ length, columns }: RolloutColumns, figures: CutFigures | null): RolloutColumns {
  if (figures === null) return { length, columns };
  const kept: NumberColumn = {
    type: 'number',
    id: 'kept',
    label: 'kept',
    help: 'Share of its tokens that the cut keeps.',
    unit: null,
    values: figures.kept,
  };
  const trained: NumberColumn = {
    type: 'number',
    id: 'trained',
    label: 'trained',
    help: 'Tokens of it that carry loss.',
    unit: 'tokens',
    values: figures.trained,
  };
  return { length, columns: [...columns, kept, trained] };
}
