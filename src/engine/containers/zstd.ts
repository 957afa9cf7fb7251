/** Zstandard: several frames, one after the other. */
import type { PackedStream } from './container.ts';
import { unpackZstd } from './unpack-zstd.ts';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

export const zstd: PackedStream = {
  id: 'zstd',
  recognises: (head) => MAGIC.every((byte, index) => head[index] === byte),
  inflate: unpackZstd,
};
