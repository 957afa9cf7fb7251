/** A person's notes and labels, as steps that can be undone. */
import { noteOf, withNote } from '../../core/notes/notes.ts';
import type { Note, Subject } from '../../core/notes/notes.ts';
import { selectedIn, useChoices } from './choices.ts';
import type { Choices } from './choices.ts';

/** Where the field is that the key for a note goes to. */
export const NOTE_ID = 'note';

/** Empty where nothing is said of it yet. */
export function useNote(subject: Subject): Note {
  const found = useChoices((s) => noteOf(s.pruning.present.notes, subject));
  return found ?? { subject, text: '', labels: [] };
}

/** One step; none where it says what is said already. */
export function setNote(note: Note): void {
  const { pruning, setNotes } = useChoices.getState();
  const before = noteOf(pruning.present.notes, note.subject);
  if ((before?.text ?? '') === note.text.trim() && (before?.labels ?? []).join() === note.labels.join()) return;
  setNotes(withNote(pruning.present.notes, note));
}

/** What a note can be about now, what is nearest first: what is selected in the tree, the rollout, the task. @param task in force */
export function subjectsHere(choices: Pick<Choices, 'treeView' | 'node' | 'action' | 'rollout'>, task: string | null): readonly Subject[] {
  const node = selectedIn(choices);
  return [
    ...(node === null ? [] : [{ kind: choices.treeView === 'actions' ? 'action' : 'node', key: node } as const]),
    ...(choices.rollout === null ? [] : [{ kind: 'rollout', key: choices.rollout } as const]),
    ...(task === null ? [] : [{ kind: 'task', key: task } as const]),
  ];
}
