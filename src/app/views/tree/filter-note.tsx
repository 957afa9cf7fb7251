/** One line that says what is pale in the drawing, and what the bars over boxes are. */
import { useFilterMarks } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { mainViewOf } from '../main/chosen.ts';

export function FilterNote() {
  const marks = useFilterMarks();
  const { arrangement } = mainViewOf(useChoices((s) => s.shape));
  if (marks === null || arrangement === undefined) return null;
  const words = marks.hits !== null ? ' A bar stands over messages that hold its words.' : '';
  return (
    <p role="note" className="m-0 flex-none border-t border-line bg-card px-3 py-1 text-t0 text-ink2">
      The filter takes {exact(marks.taken)} of {exact(marks.rollouts)} rollouts of this task; nodes that only others pass are pale.
      {words}
    </p>
  );
}
