/** How many candidates there are, and what no figure counts. */
import { visible } from '../../../base/visible.ts';
import type { CandidatesAnswer } from '../../../engine/answers/candidates.ts';
import { exact, plural } from '../../text/format.ts';

const MOST_NAMED = 12;

export function Counts({ answer: { tasks, counts, faults } }: { readonly answer: CandidatesAnswer }) {
  const { candidates, groups, resolved, failed, unknown, filtered, without, named, unknownTasks, partlyKnown, bySyntax, byText } = counts;
  const left = [
    ...(filtered > 0 ? [`${plural(filtered, 'candidate')} left out by the filter`] : []),
    ...(without > 0 ? [`${plural(without, 'rollout')} without a patch in the log`] : []),
    ...(named > 0 ? [`${plural(named, 'answer')} that files only name, without a patch`] : []),
  ];
  const namesOf = (rows: readonly number[]): string => {
    const names = rows.slice(0, MOST_NAMED).map((row) => visible(tasks[row]?.label ?? ''));
    return names.join(', ') + (rows.length > MOST_NAMED ? ` and ${exact(rows.length - MOST_NAMED)} more` : '');
  };
  return (
    <div className="flex flex-col gap-1 text-t1 text-ink2">
      <p className="m-0 text-ink">
        <b className="font-[550]">{plural(candidates, 'candidate')}</b> for {plural(tasks.length, 'task')}, in {plural(groups, 'group')} of
        equal ones: {exact(resolved)} resolved, {exact(failed)} failed, {exact(unknown)} of unknown outcome.
      </p>
      <p className="m-0">
        Files of patches: {exact(bySyntax)} compared by syntax, {exact(byText)} by text.
        {left.length > 0 && ` No candidates: ${left.join('; ')}.`}
      </p>
      {unknownTasks.length > 0 && (
        <p className="m-0">
          In no figure, because no outcome is known: {plural(unknownTasks.length, 'task')} ({namesOf(unknownTasks)}).
        </p>
      )}
      {partlyKnown.length > 0 && (
        <p className="m-0">
          Figures rest on the candidates of known outcome: {plural(partlyKnown.length, 'task')} ({namesOf(partlyKnown)}).
        </p>
      )}
      {faults.map((fault) => (
        <p key={fault} className="m-0 text-cut">
          {visible(fault)}.
        </p>
      ))}
    </div>
  );
}
