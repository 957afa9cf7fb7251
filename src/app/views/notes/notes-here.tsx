/** Notes on what is selected: the node or action, the rollout, or the task. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { ungrouped } from '../../../core/rollouts/regard.ts';
import { noteOf } from '../../../core/notes/notes.ts';
import type { Subject } from '../../../core/notes/notes.ts';
import { useTask, useTasks } from '../../queries/answers.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { useChoices, usePicked } from '../../state/choices.ts';
import { subjectsHere } from '../../state/notes.ts';
import { exact, plural } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';
import { NoteOf } from './note-of.tsx';

export default function NotesHere() {
  const tasks = useTasks();
  const task = useTask();
  const [chosen, choose] = useState<Subject['kind'] | null>(null);
  const here = usePicked(({ treeView, node, action, rollout }) => ({ treeView, node, action, rollout }));
  const { notes } = usePicked(({ pruning }) => ({ notes: pruning.present.notes }));
  const group = useChoices((s) => s.opening?.settings.group ?? 'task');
  const key = task === null ? null : (tasks?.key[task] ?? null);
  // A note on a task is about what the log calls so, however rollouts are grouped.
  const subjects = subjectsHere(here, key && ungrouped(key, group));
  const subject = subjects.find(({ kind }) => kind === chosen) ?? subjects[0];
  if (subject === undefined) return null;
  return (
    <section
      aria-label="Notes and labels"
      className="grid max-h-[40%] flex-none gap-1.5 overflow-auto border-t border-line bg-card px-3 py-2 text-t1"
    >
      <div className="flex items-center gap-2 text-ink2">
        Note on
        <Segments
          label="What the note is about"
          choices={subjects.map((each) => ({
            value: each.kind,
            label: noteOf(notes, each) === null ? each.kind : `${each.kind} •`,
            about: noteOf(notes, each) === null ? `Nothing is said of this ${each.kind} yet` : `Something is said of this ${each.kind}`,
          }))}
          value={subject.kind}
          onChange={choose}
        />
      </div>
      <NoteOf subject={subject} />
      <Astray />
    </section>
  );
}

/** Notes that are listed by their words. */
const MOST_LISTED = 50;

/** Notes that nothing of the open log is meant by: they are kept, and said so. */
function Astray() {
  const astray = useRollouts()?.astray ?? [];
  const notes = useChoices((s) => s.pruning.present.notes);
  if (astray.length === 0) return null;
  return (
    <details className="text-t0 text-ink2">
      <summary className="cursor-default">
        {plural(astray.length, 'note')} {astray.length === 1 ? 'is' : 'are'} about what the log, grouped as it is now, does not have: kept,
        and not in force
      </summary>
      <ul className="m-0 grid list-none gap-0.5 p-0 pt-1">
        {astray.slice(0, MOST_LISTED).map((subject) => {
          const note = noteOf(notes, subject);
          return (
            <li key={`${subject.kind} ${subject.key}`} className="truncate">
              {subject.kind} {visible(subject.key)}: {visible([...(note?.labels ?? []), note?.text ?? ''].join(' '))}
            </li>
          );
        })}
        {astray.length > MOST_LISTED && <li>and {exact(astray.length - MOST_LISTED)} more</li>}
      </ul>
    </details>
  );
}
