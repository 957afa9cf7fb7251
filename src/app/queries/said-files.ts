/** What a person said of rollouts as files: notes and labels, and verdicts. */
import { visible } from '../../base/visible.ts';
import { MAX_NOTES_LENGTH } from '../../base/bounds.ts';
import { readNotes, writeNotes } from '../../core/notes/notes-file.ts';
import { mergeNotes } from '../../core/notes/notes.ts';
import type { PickedFile } from '../../platform/browser/inputs.ts';
import { download } from '../../platform/browser/save.ts';
import { useChoices } from '../state/choices.ts';

export function saveNotes(): void {
  const { notes } = useChoices.getState().pruning.present;
  download({ name: 'notes.jsonl', blob: new Blob([writeNotes(notes)], { type: 'application/jsonl' }) });
}

/** As `--verdicts` and a drop take them. */
export function saveVerdicts(): void {
  const { rewards = [] } = useChoices.getState().openSettings;
  const lines = rewards.map(([key, reward]) => `${JSON.stringify({ key, reward })}\n`);
  download({ name: 'verdicts.jsonl', blob: new Blob(lines, { type: 'application/jsonl' }) });
}

/** Adds a file's notes to those that are there: one step. @returns a sentence for the person, empty where all went well */
export async function readNotesFile({ path, blob }: PickedFile): Promise<string> {
  const bound = MAX_NOTES_LENGTH.toLocaleString('en');
  if (blob.size > MAX_NOTES_LENGTH) return `${visible(path)}: expected at most ${bound} bytes, found ${blob.size.toLocaleString('en')}.`;
  const read = readNotes(await blob.text(), (line) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return undefined;
    }
  });
  if (!read.ok) return `${visible(path)}: ${read.reason}. None of its notes is used.`;
  const { pruning, setNotes } = useChoices.getState();
  setNotes(mergeNotes(pruning.present.notes, read.notes));
  return '';
}
