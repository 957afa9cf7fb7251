/** Notes, labels and tags that a person gives nodes, rollouts and tasks: by keys, so that they outlive a frozen forest. */
import { joinTags, NO_TAGS, type AxisTags } from '../axes/tags.ts';
import type { NodeKey } from '../model/node-key.ts';
import type { RolloutKey } from '../rollouts/rollout-key.ts';

/** What a note is about. A task's key is the log's. */
export type Subject =
  | { readonly kind: 'node'; readonly key: NodeKey }
  | { readonly kind: 'action'; readonly key: NodeKey }
  | { readonly kind: 'rollout'; readonly key: RolloutKey }
  | { readonly kind: 'task'; readonly key: string };

export interface Note {
  readonly subject: Subject;
  /** Empty: labels alone. */
  readonly text: string;
  /** Each once, in the order of their letters. */
  readonly labels: readonly string[];
  /** Of a task, on the axes (docs/axes.md). Absent: none; in what is put in place of a note: those that were there. */
  readonly tags?: AxisTags;
}

/** At most one for each subject, in the order of kinds and keys; none is empty. */
export type Notes = readonly Note[];

export const NO_NOTES: Notes = [];

/** A label is one word to a filter: no white space, no quotes, no separators; at most 64 characters. Null: nothing is left of it. */
export function tidyLabel(label: string): string | null {
  const tidy = label
    .trim()
    .replaceAll(/[\s,;|"':/\\]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MOST_LABEL);
  return tidy === '' ? null : tidy;
}

const MOST_LABEL = 64;
/** Of one note, in UTF-16 units. */
export const MOST_NOTE = 20_000;

function isAbout({ subject }: Note, { kind, key }: Subject): boolean {
  return subject.kind === kind && subject.key === key;
}

export function noteOf(notes: Notes, subject: Subject): Note | null {
  return notes.find((note) => isAbout(note, subject)) ?? null;
}

/** The notes with this one in place of what was said of its subject; an empty one takes that away. */
export function withNote(notes: Notes, { subject, text, labels, tags }: Note): Notes {
  const others = notes.filter((note) => !isAbout(note, subject));
  const tidy = [...new Set(labels.map((label) => tidyLabel(label)).filter((label) => label !== null))].sort();
  const kept = { subject, text: text.trim().slice(0, MOST_NOTE), labels: tidy };
  return withOthers(others, kept, tags ?? tagsOf(notes, subject));
}

/** Empty where nothing is said of it on any axis. */
function tagsOf(notes: Notes, subject: Subject): AxisTags {
  return noteOf(notes, subject)?.tags ?? NO_TAGS;
}

function withOthers(others: Note[], note: Omit<Note, 'tags'>, tags: AxisTags): Notes {
  const kept = madeOf(note, tags);
  return (kept === null ? others : [...others, kept]).sort(compareNotes);
}

/** Null where it says nothing. */
function madeOf({ subject, text, labels }: Omit<Note, 'tags'>, tags: AxisTags): Note | null {
  if (text === '' && labels.length === 0 && tags.length === 0) return null;
  return { subject, text, labels, ...(tags.length === 0 ? {} : { tags }) };
}

/** task -> what is said of it on the axes */
export function taskTags(notes: Notes): ReadonlyMap<string, AxisTags> {
  return new Map(
    notes.flatMap(({ subject, tags }) => (subject.kind === 'task' && tags !== undefined ? [[subject.key, tags] as const] : [])),
  );
}

/** The notes with the tags of these tasks as `change` makes them of what was said; O(notes + tasks). */
export function withTaskTags(notes: Notes, tasks: readonly string[], change: (before: AxisTags, task: string) => AxisTags): Notes {
  const bySubject = new Map(notes.map((note) => [nameOf(note.subject), note]));
  for (const key of new Set(tasks)) {
    const subject = { kind: 'task', key } as const;
    const before = bySubject.get(nameOf(subject)) ?? { subject, text: '', labels: [] };
    const made = madeOf(before, change(before.tags ?? NO_TAGS, key));
    if (made === null) bySubject.delete(nameOf(subject));
    else bySubject.set(nameOf(subject), made);
  }
  return [...bySubject.values()].sort(compareNotes);
}

/** The notes with labels besides those that are there; O(notes + labels). */
export function withLabels(notes: Notes, given: readonly { readonly subject: Subject; readonly label: string }[]): Notes {
  const bySubject = new Map(notes.map((note) => [nameOf(note.subject), note]));
  for (const { subject, label } of given) {
    const tidy = tidyLabel(label);
    const before = bySubject.get(nameOf(subject)) ?? { subject, text: '', labels: [] };
    if (tidy === null || before.labels.includes(tidy)) continue;
    bySubject.set(nameOf(subject), { ...before, labels: [...before.labels, tidy].sort() });
  }
  return [...bySubject.values()].sort(compareNotes);
}

/** Of two files or tabs: what is said of a subject in `more` is put behind what `notes` say, labels and tags are joined. */
export function mergeNotes(notes: Notes, more: Notes): Notes {
  return more.reduce((all, { subject, text, labels, tags = NO_TAGS }) => {
    const before = noteOf(all, subject);
    if (before === null) return withNote(all, { subject, text, labels, tags });
    const isKnown = text === '' || before.text === text || before.text.endsWith(`\n\n${text}`);
    const joined = before.text === '' ? text : isKnown ? before.text : `${before.text}\n\n${text}`;
    const joinedTags = joinTags(before.tags ?? NO_TAGS, tags);
    return withNote(all, { subject, text: joined, labels: [...before.labels, ...labels], tags: joinedTags });
  }, notes);
}

/** Every label in use, the most used first. */
export function labelsIn(notes: Notes): readonly string[] {
  const counts = new Map<string, number>();
  for (const { labels } of notes) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([label]) => label);
}

export const SUBJECTS = ['task', 'rollout', 'node', 'action'] as const satisfies readonly Subject['kind'][];

function compareNotes(a: Note, b: Note): number {
  const kinds = SUBJECTS.indexOf(a.subject.kind) - SUBJECTS.indexOf(b.subject.kind);
  return kinds || (a.subject.key < b.subject.key ? -1 : Number(a.subject.key > b.subject.key));
}

function nameOf({ kind, key }: Subject): string {
  return `${kind} ${key}`;
}
