/** What a reload needs to bring the session back: where the files came from and the settings, kept in this browser only. */
import { del, get, set } from 'idb-keyval';
import type { Origin } from './choices.ts';

export interface KeptSession {
  readonly origin: Origin;
  readonly names: readonly string[];
  readonly hash: string;
}

const SESSION = 'espalier-session';
const MAPPING = 'espalier-mapping';

/** Storage may be refused (private windows, full disks): the session then simply is not kept. */
async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}

export async function keepSession(session: KeptSession): Promise<void> {
  await quietly(set(SESSION, session));
}

export async function keptSession(): Promise<KeptSession | null> {
  return (await quietly(get<KeptSession>(SESSION))) ?? null;
}

export async function forgetSession(): Promise<void> {
  await quietly(del(SESSION));
}

export async function keepMapping(mapping: unknown): Promise<void> {
  await quietly(set(MAPPING, mapping));
}

export async function keptMapping(): Promise<unknown> {
  return quietly(get<unknown>(MAPPING));
}
