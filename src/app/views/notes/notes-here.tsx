/** Notes on what is selected: the node or action, the rollout, or the task. */
import { useState } from 'react';
import { noteOf } from '../../../core/notes/notes.ts';
import type { Subject } from '../../../core/notes/notes.ts';
import { useTask, useTasks } from '../../queries/answers.ts';
import { usePicked } from '../../state/choices.ts';
import { subjectsHere } from '../../state/notes.ts';
import { Segments } from '../../widgets/controls.tsx';
import { NoteOf } from './note-of.tsx';

export default function NotesHere() {
  const tasks = useTasks();
  const task = useTask();
  const [chosen, choose] = useState<Subject['kind'] | null>(null);
  const here = usePicked(({ treeView, node, action, rollout }) => ({ treeView, node, action, rollout }));
  const { notes } = usePicked(({ pruning }) => ({ notes: pruning.present.notes }));
  const subjects = subjectsHere(here, task === null ? null : (tasks?.key[task] ?? null));
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
    </section>
  );
}
