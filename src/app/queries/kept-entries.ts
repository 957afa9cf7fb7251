/** The sessions that this browser keeps by name. */
import { useQuery } from '@tanstack/react-query';
import { forgetEntry, keptEntries } from '../state/sessions.ts';
import type { KeptEntry } from '../state/sessions.ts';
import { client } from './client.ts';

const KEY = ['kept-entries'] as const;
const NONE: readonly KeptEntry[] = [];

export function useKeptEntries(): readonly KeptEntry[] {
  return useQuery({ queryKey: KEY, queryFn: keptEntries }).data ?? NONE;
}

/** Others may be there than before. */
export function entriesChanged(): Promise<void> {
  return client.invalidateQueries({ queryKey: KEY });
}

export async function forget(name: string): Promise<void> {
  await forgetEntry(name);
  await entriesChanged();
}
