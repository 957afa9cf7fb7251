/** Checksums of records, held against their bytes while they are read. What hashes is loaded only where a record has one. */
import { sealFault, type Sha256 } from '../core/model/seal.ts';

let sha256: Sha256 | null = null;

/** To be awaited before `brokenSeal` is called. */
export async function prepareSeals(): Promise<void> {
  const { prepareSha256, sha256Now } = await import('./export/hash.ts');
  await prepareSha256();
  sha256 = sha256Now;
}

/** As `sealFault`. */
export function brokenSeal(bytes: Uint8Array): ReturnType<typeof sealFault> {
  if (sha256 === null) throw new Error('a checksum is asked for before it was prepared');
  return sealFault(bytes, sha256);
}
