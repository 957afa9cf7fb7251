/** A person's tags of tasks, as steps that can be undone: they stand among the notes. */
import { AXIS_IDS, UNKNOWN, type AxisId } from '../../core/axes/axes.ts';
import type { Guesses } from '../../core/axes/guess.ts';
import { joinTags, tagOn, withTag, type AxisTag, type AxisTags } from '../../core/axes/tags.ts';
import { withTaskTags, type Notes } from '../../core/notes/notes.ts';
import { useChoices } from './choices.ts';

/** One step; none where nothing changes. */
function put(next: (notes: Notes) => Notes): void {
  const { pruning, setNotes } = useChoices.getState();
  const { notes } = pruning.present;
  const made = next(notes);
  if (JSON.stringify(made) !== JSON.stringify(notes)) setNotes(made);
}

/** Says by hand that these tasks have the tag; null: nothing is said of them on the axis any more. */
export function setTags(tasks: readonly string[], axis: AxisId, tag: string | null): void {
  put((notes) => withTaskTags(notes, tasks, (before) => withTag(before, axis, tag === null ? null : { tag, source: 'hand' })));
}

/** Takes guesses over, where nothing is said. */
export function takeGuesses(tasks: readonly { readonly subject: string; readonly guess: Guesses }[]): void {
  const guesses = new Map(tasks.map(({ subject, guess }) => [subject, guess]));
  put((notes) =>
    withTaskTags(notes, [...guesses.keys()], (before, task) =>
      AXIS_IDS.reduce<AxisTags>((tags, axis) => {
        const guess = guesses.get(task)?.[axis].tag ?? UNKNOWN;
        return guess === UNKNOWN || tagOn(tags, axis) !== null ? tags : withTag(tags, axis, { tag: guess, source: 'guess' });
      }, before),
    ),
  );
}

/** Adds the tags of a file to those that are there; what is said by hand stays. */
export function addTags(read: ReadonlyMap<string, readonly AxisTag[]>): void {
  put((notes) => withTaskTags(notes, [...read.keys()], (before, task) => joinTags(before, read.get(task) ?? [])));
}
