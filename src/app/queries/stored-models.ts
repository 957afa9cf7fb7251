/** The downloaded models that this browser keeps, and the room that it has for more. */
import { useQuery } from '@tanstack/react-query';
import { forgetStored, roomHere, storedModels, type Room, type StoredModel } from '../../platform/browser/stored-models.ts';
import { client } from './client.ts';
import { renewModelSizes } from './model.ts';

const KEY = ['stored-models'] as const;
const NONE: { readonly models: readonly StoredModel[]; readonly room: Room | null } = { models: [], room: null };

export function useStoredModels(): typeof NONE {
  const { data } = useQuery({ queryKey: KEY, queryFn: async () => ({ models: await storedModels(), room: await roomHere() }) });
  return data ?? NONE;
}

/** A download or a removal has changed what is here. */
export async function renewStored(): Promise<void> {
  await client.invalidateQueries({ queryKey: KEY });
  await renewModelSizes();
}

export async function removeStored(address: string | null): Promise<void> {
  await forgetStored(address);
  await renewStored();
}
