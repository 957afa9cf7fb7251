/** What a reload needs to bring the session back: where the files came from and the settings, kept in this browser only. */
import { del, get, set } from 'idb-keyval';
import type { Origin } from './choices.ts';

interface KeptFiles {
  readonly origin: Origin;
  /** The first few, and how many there are. */
  readonly names: readonly string[];
  readonly count: number;
}

export interface KeptSession extends KeptFiles {
  /** Settings and selection, as the address spells them. */
  readonly hash: string;
}

const FILES = 'espalier-files';
const SETTINGS = 'espalier-settings';
const MAPPING = 'espalier-mapping';

/** Storage may be refused (private windows, full disks): the session then simply is not kept. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    // Where storage is forbidden, even asking for it throws.
    return await work();
  } catch {
    return undefined;
  }
}

export async function keepFiles(files: KeptFiles): Promise<void> {
  await quietly(() => set(FILES, files));
}

export async function keepSettings(hash: string): Promise<void> {
  await quietly(() => set(SETTINGS, hash));
}

export async function keptSession(): Promise<KeptSession | null> {
  const files = await quietly(() => get<KeptFiles>(FILES));
  return files ? { ...files, hash: (await quietly(() => get<string>(SETTINGS))) ?? '' } : null;
}

export async function forgetSession(): Promise<void> {
  await quietly(() => del(FILES));
}

export async function keepMapping(mapping: unknown): Promise<void> {
  await quietly(() => set(MAPPING, mapping));
}

export async function keptMapping(): Promise<unknown> {
  return quietly(() => get<unknown>(MAPPING));
}
