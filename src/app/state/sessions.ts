/** Sessions that a person has named and kept in this browser, the newest first; and one that waits for its files. */
import { get, update } from 'idb-keyval';
import { create } from 'zustand';
import type { TokenizerChoice } from '../../engine/answers/opening.ts';
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

/** name -> when that one was saved which this tab has opened or kept last */
const seen = new Map<string, string>();

/** The tab has opened this one: it may take its place. */
export function sawEntry({ name, saved }: KeptEntry): void {
  seen.set(name, saved);
}

/** `other`: one of this name is kept that this tab has not seen, saved then; nothing was changed. */
export type Keeping = { readonly as: 'kept' | 'refused' } | { readonly as: 'other'; readonly saved: string };

/** @param replaces also one that another tab, or an earlier visit, has kept under the name */
export async function keepEntry(entry: KeptEntry, replaces: boolean): Promise<Keeping> {
  let other: KeptEntry | undefined;
  // Looked at within the change: another tab may keep one at this moment.
  const isDone = await change((entries) => {
    const before = entries.find(({ name }) => name === entry.name);
    other = before !== undefined && !replaces && before.saved !== seen.get(entry.name) ? before : undefined;
    return other !== undefined ? entries : [entry, ...entries.filter(({ name }) => name !== entry.name)].slice(0, MOST);
  });
  if (!isDone) return { as: 'refused' };
  if (other !== undefined) return { as: 'other', saved: other.saved };
  sawEntry(entry);
  return { as: 'kept' };
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

const TOKENIZERS = 'espalier-tokenizers';
/** They are some megabytes each; the oldest leave first. */
const MOST_TOKENIZERS = 4;

type OwnTokenizer = Extract<TokenizerChoice, { readonly kind: 'huggingface' }>;

/** For sessions that name it. Where storage refuses, it has to be dropped again. */
export async function keepTokenizer(sha256: string, tokenizer: OwnTokenizer): Promise<void> {
  try {
    await update<unknown>(TOKENIZERS, (found) =>
      [[sha256, tokenizer], ...listOf(found).filter(([key]) => key !== sha256)].slice(0, MOST_TOKENIZERS),
    );
  } catch {
    // The session says what is missing.
  }
}

/** Null where it is not kept. */
export async function keptTokenizer(sha256: string): Promise<OwnTokenizer | null> {
  try {
    return listOf(await get<unknown>(TOKENIZERS)).find(([key]) => key === sha256)?.[1] ?? null;
  } catch {
    return null;
  }
}

function listOf(found: unknown): (readonly [sha256: string, tokenizer: OwnTokenizer])[] {
  if (!Array.isArray(found)) return [];
  return found.flatMap((entry: unknown) => {
    const [key, value]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    const members = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
    const [name, json, config] = ['name', 'json', 'config'].map((member) => members.get(member));
    if (typeof key !== 'string' || typeof name !== 'string' || typeof json !== 'string') return [];
    return [[key, { kind: 'huggingface', name, json, ...(typeof config === 'string' ? { config } : {}) }] as const];
  });
}
