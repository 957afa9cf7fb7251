/**
 * Notes as JSON lines, one for each subject: `{"rollout": KEY, "note": "…", "labels": ["…"]}`; of tasks also
 * `"tags": [{"axis", "tag", "source"}]`. docs/formats/notes.md
 */
import { readTags, type AxisTags } from '../axes/tags.ts';
import { isNodeKey } from '../model/node-key.ts';
import { isRolloutKey } from '../rollouts/rollout-key.ts';
import { NO_NOTES, SUBJECTS, withNote, type Note, type Notes, type Subject } from './notes.ts';

export type NotesFile = { readonly ok: true; readonly notes: Notes } | { readonly ok: false; readonly reason: string };

export function writeNotes(notes: Notes): string {
  return notes.map((note) => `${JSON.stringify(noteRecord(note))}\n`).join('');
}

export function noteRecord({ subject, text, labels, tags }: Note): Readonly<Record<string, unknown>> {
  return {
    [subject.kind]: subject.key,
    ...(text === '' ? {} : { note: text }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** @param parse one line of JSON; undefined: it is none. Nothing of the file is used where one line of it is wrong. */
export function readNotes(text: string, parse: (line: string) => unknown): NotesFile {
  const records: unknown[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const record = parse(line);
    if (record === undefined) return { ok: false, reason: `expected JSON in line ${i + 1}` };
    records.push(record);
  }
  return notesOf(records);
}

export function notesOf(records: readonly unknown[]): NotesFile {
  let notes = NO_NOTES;
  for (const [i, record] of records.entries()) {
    const note = noteOfRecord(record);
    if (note === null)
      return { ok: false, reason: `expected a note with a task, rollout, node or action in record ${i + 1}, found something else` };
    notes = withNote(notes, note);
  }
  return { ok: true, notes };
}

function noteOfRecord(record: unknown): Note | null {
  if (typeof record !== 'object' || record === null) return null;
  const members = new Map<string, unknown>(Object.entries(record));
  const subjects = SUBJECTS.flatMap((kind): Subject[] => {
    const key = members.get(kind);
    if (kind === 'task') return typeof key === 'string' ? [{ kind, key }] : [];
    if (kind === 'rollout') return isRolloutKey(key) ? [{ kind, key }] : [];
    return isNodeKey(key) ? [{ kind, key }] : [];
  });
  const [subject] = subjects;
  const text = members.get('note') ?? '';
  const labels = members.get('labels') ?? [];
  const tags: AxisTags | null | undefined = members.has('tags') ? readTags(members.get('tags')) : undefined;
  if (tags === null || (tags !== undefined && subject?.kind !== 'task')) return null;
  if (subject === undefined || subjects.length > 1 || typeof text !== 'string' || !Array.isArray(labels)) return null;
  if (!labels.every((label) => typeof label === 'string')) return null;
  return { subject, text, labels, ...(tags === undefined ? {} : { tags }) };
}
