/** Sessions that a person has named and kept in this browser, the newest first; and one that waits for its files. */
import { get, update } from 'idb-keyval';
import { create } from 'zustand';
import type { SessionDocument } from '../../engine/session-file.ts';

/** One kept session. Its text is a session file, so that it is checked as one when it is opened. */
export interface KeptEntry {
  readonly name: string;
  /** ISO 8601. */
  readonly saved: string;
  readonly files: readonly string[];
  readonly text: string;
  readonly handles: readonly FileSystemHandle[];
}

interface SessionChoices {
  /** A session whose files are still to come. */
  readonly waiting: { readonly session: SessionDocument; readonly handles: readonly FileSystemHandle[] } | null;
  /** The dialog that saves what is open. */
  readonly isSaving: boolean;
}

export const useSessions = create<SessionChoices>()(() => ({ waiting: null, isSaving: false }));

const KEY = 'espalier-named-sessions';
/** The oldest leave first. */
const MOST = 20;

/** Empty where storage refuses. What is not whole is not listed. */
export async function keptEntries(): Promise<readonly KeptEntry[]> {
  try {
    return entriesOf(await get<unknown>(KEY));
  } catch {
    return [];
  }
}

/** In place of one of the same name. @returns whether the browser keeps it */
export async function keepEntry(entry: KeptEntry): Promise<boolean> {
  return change((entries) => [entry, ...entries.filter(({ name }) => name !== entry.name)].slice(0, MOST));
}

export async function forgetEntry(name: string): Promise<boolean> {
  return change((entries) => entries.filter((entry) => entry.name !== name));
}

async function change(changed: (entries: readonly KeptEntry[]) => readonly KeptEntry[]): Promise<boolean> {
  try {
    await update<unknown>(KEY, (found) => changed(entriesOf(found)));
    return true;
  } catch {
    return false;
  }
}

function entriesOf(found: unknown): readonly KeptEntry[] {
  return Array.isArray(found) ? found.filter((entry) => isEntry(entry)) : [];
}

function isEntry(value: unknown): value is KeptEntry {
  const members = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const [files, handles] = [members.get('files'), members.get('handles')];
  return (
    ['name', 'saved', 'text'].every((name) => typeof members.get(name) === 'string') &&
    Array.isArray(files) &&
    files.every((file) => typeof file === 'string') &&
    Array.isArray(handles)
  );
}
