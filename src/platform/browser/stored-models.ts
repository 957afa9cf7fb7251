/** Which downloaded models this browser keeps, how much room there is, and leave to keep them. */
import { forgetModel } from './model-files.ts';
import { modelAddress } from './model-address.ts';
import { openModelStore } from './model-store.ts';

export interface StoredModel {
  /** Of its folder; null: copies of an earlier version, which did not note theirs. */
  readonly address: string | null;
  readonly name: string;
  readonly bytes: number;
  /** A download was cut: part of a file is here. */
  readonly isPartial: boolean;
  /** When it was last read or written, ms. */
  readonly used: number;
}

export interface Room {
  /** Bytes that the browser would still give this page. */
  readonly free: number;
  /** It does not delete them by itself when the disk gets full. */
  readonly isPersistent: boolean;
}

/** The one used last first. */
export async function storedModels(): Promise<StoredModel[]> {
  const store = await openModelStore();
  const files = (await store?.list()) ?? [];
  const folders = files.flatMap(({ url }) => (url?.endsWith('#files') ? [url.slice(0, -'#files'.length)] : []));
  const models = new Map<string | null, StoredModel>();
  for (const { url, bytes, isWhole, used } of files) {
    if (url?.endsWith('#files')) continue;
    const address = url === null ? null : (folders.find((folder) => url.startsWith(folder)) ?? new URL('.', url).href);
    const before = models.get(address);
    models.set(address, {
      address,
      name: address === null ? 'copies of an earlier version' : modelAddress(address).name,
      bytes: bytes + (before?.bytes ?? 0),
      isPartial: !isWhole || before?.isPartial === true,
      used: Math.max(used, before?.used ?? 0),
    });
  }
  return [...models.values()].toSorted((a, b) => b.used - a.used);
}

/** Removes all that is kept of a model. */
export async function forgetStored(address: string | null): Promise<void> {
  if (address !== null) await forgetModel(address);
  // With its "/": other models' addresses may begin alike.
  const folder = address === null ? null : modelAddress(address).folder;
  const store = await openModelStore();
  for (const { url, name } of (await store?.list()) ?? [])
    if (url === null ? folder === null : folder !== null && url.startsWith(folder)) await store?.remove(name);
}

/** null where the browser does not say. */
export async function roomHere(): Promise<Room | null> {
  if (!('storage' in navigator) || !('estimate' in navigator.storage)) return null;
  const { quota, usage } = await navigator.storage.estimate();
  if (quota === undefined || usage === undefined) return null;
  return { free: Math.max(0, quota - usage), isPersistent: await navigator.storage.persisted() };
}

/** Asks the browser to keep what is stored here when the disk gets full; it may say no, or ask the person. */
export async function askToKeep(): Promise<void> {
  if ('storage' in navigator && 'persist' in navigator.storage) await navigator.storage.persist().catch(() => false);
}
