/** Streams the bytes inside a .gz or .zst file: several members or frames, one after the other. */
import { Gunzip } from 'fflate';
import { Decompress } from 'fzstd';
import type { ByteSource } from '../core/source/byte-source.ts';

const CHUNK = 1 << 20;

export type Compression = 'gzip' | 'zstd';

/** `inflated` in order; throws where the stream is damaged, after what could be read. */
export async function* inflate(source: ByteSource, compression: Compression): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; read: number }> {
  let ready: Uint8Array[] = [];
  const take = (bytes: Uint8Array): void => {
    if (bytes.length > 0) ready.push(bytes);
  };
  const gunzip = compression === 'gzip' ? new Gunzip((bytes) => take(bytes)) : null;
  const zstd = compression === 'zstd' ? new Decompress((bytes) => take(bytes)) : null;
  for (let at = 0; at < source.byteLength; at += CHUNK) {
    const chunk = await source.read(at, Math.min(at + CHUNK, source.byteLength));
    const last = at + CHUNK >= source.byteLength;
    gunzip?.push(chunk, last);
    zstd?.push(chunk, last);
    for (const bytes of ready) yield { bytes: bytes.slice(), read: at + chunk.length };
    ready = [];
  }
}
