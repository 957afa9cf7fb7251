/** `--tags FILE`: tags of tasks on the axes, by hand, of a file or guessed, as docs/formats/tags.md has them. */
import { joinTags } from '../core/axes/tags.ts';
import { withTaskTags, type Notes } from '../core/notes/notes.ts';
import { readTagFile } from '../engine/tag-file.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

/** The same notes where the flag is not given. Throws UsageError where the file is none of tags. */
export async function withTagsOfFlag(notes: Notes, path: string | undefined): Promise<Notes> {
  if (path === undefined) return notes;
  const read = await readTagFile(path, readFlagFile('--tags', path).toString('utf8'));
  if (!read.ok) throw new UsageError(`--tags: ${read.reason}`);
  return withTaskTags(notes, [...read.tags.keys()], (before, task) => joinTags(before, read.tags.get(task) ?? []));
}
