/** SHA-256 in Node, at once: for the checksums of our own small files. */
import { createHash } from 'node:crypto';
import type { Sha256 } from '../../core/model/seal.ts';

export const sha256: Sha256 = (...pieces) => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};
