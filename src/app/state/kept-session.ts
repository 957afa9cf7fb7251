/**
 * What a reload needs to bring the session back: where the files came from and the settings, kept in this browser only. Each tab
 * has a record of its own, so that no tab meets another's files or settings; a new tab is offered the one that was written last.
 */
import { get, set, update } from 'idb-keyval';
import { create } from 'zustand';
import { notesOf } from '../../core/notes/notes-file.ts';
import type { Notes } from '../../core/notes/notes.ts';
import { isRewards } from '../../core/rollouts/regard.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { Origin } from './choices.ts';

interface KeptFiles {
  readonly origin: Origin;
  /** The first few, and how many there are. */
  readonly names: readonly string[];
  readonly count: number;
  /** False while they are read: where that ended the tab, it is not begun again unasked. */
  readonly isRead: boolean;
}

/** What a person said of what is open. */
export interface KeptWords {
  readonly notes: Notes;
  readonly rewards: NonNullable<OpenSettings['rewards']>;
}

export interface KeptSession extends KeptFiles {
  /** Settings and selection, as the address spells them. */
  readonly hash: string;
  /** What no address has room for; absent: nothing. */
  readonly said?: KeptWords;
  readonly tab: string;
}

/** What is said of keeping. */
interface Keeping {
  /** This browser has refused to keep what is open: storage is full, blocked or broken. */
  readonly isRefused: boolean;
  /** Why the session of before could not be brought back; empty: nothing is to be said. */
  readonly problem: string;
}

export const useKeeping = create<Keeping>()(() => ({ isRefused: false, problem: '' }));

const SESSIONS = 'espalier-sessions';
const MAPPING = 'espalier-mapping';
const TAB = 'espalier-tab';
/** Records of tabs, the newest first. */
const MOST_KEPT = 8;
/** Storage that is broken may never answer. */
const WAIT_MS = 5000;

/** A reload is of the same tab; a tab that was duplicated or opened by a link is another one. */
function makeTab(): string {
  const made = Array.from(crypto.getRandomValues(new Uint32Array(2)), (each) => each.toString(36)).join('');
  try {
    const before = wasReloaded() ? sessionStorage.getItem(TAB) : null;
    sessionStorage.setItem(TAB, before ?? made);
    return before ?? made;
  } catch {
    return made;
  }
}

let tab: string | null = null;
const ownTab = (): string => (tab ??= makeTab());

export function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry !== undefined && 'type' in entry && entry.type === 'reload';
}

/** Undefined where storage refuses (private windows, full disks) or does not answer. */
async function quietly<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    // Where storage is forbidden, even asking for it throws.
    const answer = work().then((value) => ({ value }));
    return await Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), WAIT_MS))]);
  } catch {
    return undefined;
  }
}

/** One transaction, so that tabs do not undo each other's. */
async function change(changed: (before: KeptSession | undefined) => KeptSession | undefined): Promise<void> {
  const done = await quietly(() =>
    update<unknown>(SESSIONS, (found) => {
      const kept = wholeOf(found);
      const own = changed(kept.find((each) => each.tab === ownTab()));
      return [...(own ? [own] : []), ...kept.filter((each) => each.tab !== ownTab())].slice(0, MOST_KEPT);
    }),
  );
  useKeeping.setState({ isRefused: done === undefined });
}

/** Of what is kept only what this page keeps: each record is checked whole before any of it is used. */
function wholeOf(kept: unknown): readonly KeptSession[] {
  return Array.isArray(kept) ? kept.filter((each) => isKept(each)) : [];
}

function isKept(value: unknown): value is KeptSession {
  const [origin, names, count, isRead, hash, from, said] = membersOf(value, 'origin', 'names', 'count', 'isRead', 'hash', 'tab', 'said');
  if (said !== undefined && !isSaid(said)) return false;
  const isNamed = Array.isArray(names) && names.every((name) => typeof name === 'string');
  const isCounted = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  return isNamed && isCounted && typeof isRead === 'boolean' && typeof hash === 'string' && typeof from === 'string' && isOrigin(origin);
}

function isSaid(value: unknown): value is KeptWords {
  const [notes, rewards] = membersOf(value, 'notes', 'rewards');
  return Array.isArray(notes) && notesOf(notes.map((note: unknown) => recordOf(note))).ok && isRewards(rewards);
}

/** As a file of notes has it; what is no note is none there either. */
function recordOf(note: unknown): unknown {
  const [subject, text, labels, tags] = membersOf(note, 'subject', 'text', 'labels', 'tags');
  const [kind, key] = membersOf(subject, 'kind', 'key');
  return typeof kind === 'string' ? { [kind]: key, note: text, labels, ...(tags === undefined ? {} : { tags }) } : null;
}

function isOrigin(value: unknown): value is Origin {
  const [kind, handles, address] = membersOf(value, 'kind', 'handles', 'address');
  if (kind === 'address') return typeof address === 'string';
  return kind === 'files' && Array.isArray(handles) && handles.every((handle) => typeof handle === 'object' && handle !== null);
}

function membersOf(value: unknown, ...names: readonly string[]): unknown[] {
  const members = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return names.map((name) => members.get(name));
}

/** Without the token of files that are served: it opens them to whoever has it, and ends with its server. */
export function keepFiles({ origin, ...files }: KeptFiles): Promise<void> {
  const { kind } = origin;
  const kept: Origin = kind === 'files' ? { kind, handles: origin.handles, ...(origin.without && { without: origin.without }) } : origin;
  return change((before) => ({ hash: '', tab: ownTab(), ...before, ...files, origin: kept }));
}

export function keepSettings(hash: string, said: KeptWords): Promise<void> {
  return change((before) => before && { ...before, hash, said });
}

/** This tab's, or the newest of all. */
export async function keptSession(): Promise<KeptSession | null> {
  const kept = wholeOf((await quietly(() => get<unknown>(SESSIONS)))?.value);
  return kept.find((each) => each.tab === ownTab()) ?? kept[0] ?? null;
}

export async function keepMapping(mapping: unknown): Promise<void> {
  await quietly(() => set(MAPPING, mapping));
}

export async function keptMapping(): Promise<unknown> {
  return (await quietly(() => get<unknown>(MAPPING)))?.value;
}
