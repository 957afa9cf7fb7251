/** A Zstandard frame of raw blocks, written by hand from RFC 8878: tests need no compressor for it. */
import { joinBytes } from '../../src/base/bytes.ts';

const MAX_BLOCK = 1 << 16;

export function zstdFrame(content: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  // Frame header descriptor 0xA0: single segment, content size in four bytes.
  const header = new Uint8Array(9);
  header.set([0x28, 0xb5, 0x2f, 0xfd, 0xa0]);
  new DataView(header.buffer).setUint32(5, content.length, true);
  blocks.push(header);
  for (let at = 0; at === 0 || at < content.length; at += MAX_BLOCK) {
    const block = content.subarray(at, at + MAX_BLOCK);
    const last = at + MAX_BLOCK >= content.length ? 1 : 0;
    const head = (block.length << 3) | last;
    blocks.push(Uint8Array.of(head & 255, (head >> 8) & 255, head >> 16), block);
  }
  return joinBytes(blocks);
}
