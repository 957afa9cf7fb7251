/** SHA-256 of streams, through hash-wasm: the same in the page and in Node, without holding a file. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256 } from '../../core/model/seal.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';

const CHUNK = 8 << 20;

export interface Digest {
  update(bytes: Uint8Array): void;
  hex(): string;
}

export async function makeDigest(): Promise<Digest> {
  const hasher = await createSHA256();
  return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') };
}

let whole: ReturnType<typeof createSHA256> | null = null;

/** Of pieces that are in memory, laid end to end. */
export async function sha256Of(pieces: readonly Uint8Array[]): Promise<string> {
  const hasher = await (whole ??= createSHA256());
  hasher.init();
  for (const piece of pieces) hasher.update(piece);
  return hasher.digest('hex');
}

let ready: Awaited<ReturnType<typeof createSHA256>> | null = null;

/** To be awaited once before `sha256Now` is called. */
export async function prepareSha256(): Promise<void> {
  ready ??= await createSHA256();
}

/** SHA-256 at once, of bytes in memory. */
export const sha256Now: Sha256 = (...pieces) => {
  if (ready === null) throw new Error('SHA-256 is asked for before it was prepared');
  ready.init();
  for (const piece of pieces) ready.update(piece);
  return ready.digest('hex');
};

export async function sha256(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const digest = await makeDigest();
  for (let at = 0; at < source.byteLength; at += CHUNK) {
    signal?.throwIfAborted();
    digest.update(await source.read(at, Math.min(at + CHUNK, source.byteLength)));
  }
  return digest.hex();
}
