/** The files of a hub's repository for the page. What a person gives as a token stays in memory. */
import type { HubAddress } from '../../engine/hub-address.ts';
import { hubRepository } from '../../platform/web/hub-files.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { fetchFrom } from '../../../workers/fetch.ts';

/** By the hub's origin. */
const tokens = new Map<string, string>();

export function setToken({ hub }: HubAddress, token: string): void {
  tokens.set(hub, token.trim());
}

/** Rejects as `hubRepository` does. @param tell how many files are known so far */
export async function filesOfHub(address: HubAddress, signal: AbortSignal, tell: (files: number) => void): Promise<InputBlob[]> {
  const files = await hubRepository(address, tokens.get(address.hub), fetchFrom, signal, tell);
  return files.map(({ path, file }) => ({ path, blob: file }));
}
