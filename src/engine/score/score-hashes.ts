/** SHA-256 of what scores are of, and of the scores themselves: what names them beyond doubt. */
import { forestIdentity } from '../../core/score/scores-file.ts';
import type { Dataset } from '../dataset.ts';
import { makeDigest } from '../export/hash.ts';

/** Of the forest's tokens, in their order and shape. */
export async function tokenHash(dataset: Dataset): Promise<string> {
  const digest = await makeDigest();
  for (const column of forestIdentity(dataset.tokens.forest))
    digest.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return digest.hex();
}

/** Bits of the one NaN that stands for "not scored": which one a computation leaves behind differs between machines. */
const QUIET_NAN = 0x7fc00000;

/** Of entropies by token, as little-endian float32. */
export async function scoresHash(entropy: Float32Array): Promise<string> {
  const words = new Uint32Array(Float32Array.from(entropy).buffer);
  entropy.forEach((value, i) => {
    if (Number.isNaN(value)) words[i] = QUIET_NAN;
  });
  const digest = await makeDigest();
  digest.update(new Uint8Array(words.buffer));
  return digest.hex();
}
