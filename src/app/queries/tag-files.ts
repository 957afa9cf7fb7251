/** Tags of tasks as files: saved, and read from one that a person picks. */
import { readTagFile, tagRows, tagsCsv, tagsJsonl } from '../../engine/tag-file.ts';
import { visible } from '../../base/visible.ts';
import { download } from '../../platform/browser/save.ts';
import { addTags } from '../state/tags.ts';
import type { TaggedTask } from './coverage.ts';

export function saveTags(tasks: readonly TaggedTask[], kind: 'csv' | 'jsonl'): void {
  const rows = tagRows(tasks);
  const blob =
    kind === 'csv' ? new Blob([tagsCsv(rows)], { type: 'text/csv' }) : new Blob([tagsJsonl(rows)], { type: 'application/jsonl' });
  download({ name: `tags.${kind}`, blob });
}

/** @returns a sentence for the person */
export async function readTags(file: File): Promise<string> {
  const read = await readTagFile(visible(file.name), await file.text());
  if (!read.ok) return `${read.reason}. None of its tags is used.`;
  addTags(read.tags);
  return `Tags of ${read.tags.size.toLocaleString('en')} ${read.tags.size === 1 ? 'task' : 'tasks'} read from ${visible(file.name)}.`;
}
