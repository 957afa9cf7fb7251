/** Zstandard frames, written by hand from RFC 8878: tests need no compressor for them. */
import { xxhash64 } from 'hash-wasm';
import { joinBytes } from '../../src/base/bytes.ts';

const MAX_BLOCK = 1 << 16;

/** Of raw blocks, without a checksum. */
export function zstdFrame(content: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  // Frame header descriptor 0xA0: single segment, content size in four bytes.
  const header = new Uint8Array(9);
  header.set([0x28, 0xb5, 0x2f, 0xfd, 0xa0]);
  new DataView(header.buffer).setUint32(5, content.length, true);
  blocks.push(header);
  for (let at = 0; at === 0 || at < content.length; at += MAX_BLOCK) {
    const block = content.subarray(at, at + MAX_BLOCK);
    blocks.push(blockHead(0, block.length, at + MAX_BLOCK >= content.length), block);
  }
  return joinBytes(blocks);
}

/** The same with the checksum of its content. */
export async function checkedZstdFrame(content: Uint8Array): Promise<Uint8Array> {
  const frame = zstdFrame(content);
  frame[4] = (frame[4] ?? 0) | 4;
  const lower = Buffer.from(await xxhash64(content), 'hex')
    .subarray(4)
    .reverse();
  return joinBytes([frame, lower]);
}

/**
 * One byte, over and over: `blocks` of five bytes that stand for `bytes` each.
 *
 * @param head what follows the magic number
 */
export function zstdRun(byte: number, bytes: number, blocks: number, head: readonly number[]): Uint8Array {
  const block = joinBytes([blockHead(1, bytes, false), Uint8Array.of(byte)]);
  const last = joinBytes([blockHead(1, bytes, true), Uint8Array.of(byte)]);
  const run = new Uint8Array(block.length * (blocks - 1));
  for (let at = 0; at < run.length; at += block.length) run.set(block, at);
  return joinBytes([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...head), run, last]);
}

function blockHead(type: number, size: number, isLast: boolean): Uint8Array {
  const head = (size << 3) | (type << 1) | Number(isLast);
  return Uint8Array.of(head & 255, (head >> 8) & 255, head >> 16);
}
