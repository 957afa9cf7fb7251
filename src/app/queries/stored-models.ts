/** The downloaded models that this browser keeps, and the room that it has for more. */
import { useQuery } from '@tanstack/react-query';
import type { Room, StoredModel } from '../../platform/browser/stored-models.ts';
import { client } from './client.ts';
import { renewModelSizes } from './model.ts';

const KEY = ['stored-models'] as const;
const NONE: { readonly models: readonly StoredModel[]; readonly room: Room | null } = { models: [], room: null };

/** Few people bring a model by its address. */
const stored = (): Promise<typeof import('../../platform/browser/stored-models.ts')> => import('../../platform/browser/stored-models.ts');

export function useStoredModels(): typeof NONE {
  const { data } = useQuery({
    queryKey: KEY,
    async queryFn() {
      const { storedModels, roomHere } = await stored();
      return { models: await storedModels(), room: await roomHere() };
    },
  });
  return data ?? NONE;
}

/** A download or a removal has changed what is here. */
export async function renewStored(): Promise<void> {
  await client.invalidateQueries({ queryKey: KEY });
  await renewModelSizes();
}

export async function removeStored(address: string | null): Promise<void> {
  const { forgetStored } = await stored();
  await forgetStored(address);
  await renewStored();
}

/** What takes long to come is worth keeping: the browser is asked not to delete it by itself. */
export async function askToKeep(): Promise<void> {
  await (await stored()).askToKeep();
}
