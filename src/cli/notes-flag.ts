/** `--notes FILE`: notes and labels of a person's own, as the page saves them, for filters that name them. */
import { readNotes } from '../core/notes/notes-file.ts';
import { NO_NOTES, type Notes } from '../core/notes/notes.ts';
import { readPlainJson } from '../engine/plain-json.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

/** None where the flag is not given. Throws UsageError where the file is none of notes. */
export function notesOfFlag(path: string | undefined): Notes {
  if (path === undefined) return NO_NOTES;
  const read = readNotes(readFlagFile('--notes', path).toString('utf8'), (line) => {
    const json = readPlainJson(line);
    return json.ok ? json.value : undefined;
  });
  if (!read.ok) throw new UsageError(`--notes: ${path}: ${read.reason}`);
  return read.notes;
}
