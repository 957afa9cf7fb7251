/** Says from an input's first bytes who may read it: a container, record readers, or nobody. */
import { joinBytes } from '../base/bytes.ts';
import { bytesAt } from '../core/model/address.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { firstByte } from '../core/source/first-line.ts';
import type { Container } from './containers/container.ts';
import { CONTAINERS } from './containers/registry.ts';
import type { InputFault, RecordReader } from './readers/reader.ts';
import { READERS } from './readers/registry.ts';

/** `readers`: to be asked in this order; none for an empty input. */
export type Sniffed =
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'records'; readonly readers: readonly RecordReader[] }
  | { readonly kind: 'unreadable'; readonly fault: InputFault };

const HEAD = 1 << 16;
const LFS = 'version https://git-lfs';
const READABLE = 'JSON lines, a JSON document, .gz or .zst';

/** First bytes of what nobody here reads. */
const STRANGE: readonly (readonly [magic: readonly number[], code: string, expected: string, found: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'container', READABLE, 'a ZIP archive'],
  [[0x50, 0x41, 0x52, 0x31], 'container', READABLE, 'a Parquet file'],
  [[0xff, 0xfe], 'encoding', 'UTF-8', 'UTF-16'],
  [[0xfe, 0xff], 'encoding', 'UTF-8', 'UTF-16'],
];

/** @param containers that are unpacked where they are met */
export async function sniff(source: ByteSource, containers: readonly Container[] = CONTAINERS): Promise<Sniffed> {
  const head = await source.read(0, Math.min(HEAD, source.byteLength));
  const container = containers.find((each) => each.recognises(head));
  if (container) return { kind: 'container', container };
  const fault = faultOf(head);
  if (fault) return { kind: 'unreadable', fault };
  const isEmpty = source.byteLength === head.length && firstByte(head) === head.length;
  return { kind: 'records', readers: isEmpty ? [] : READERS.filter((reader) => reader.recognises(head)) };
}

function faultOf(head: Uint8Array): InputFault | null {
  const fault = (code: string, expected: string, found: string): InputFault => ({ line: 1, address: bytesAt(0), code, expected, found });
  for (const [magic, code, expected, found] of STRANGE)
    if (magic.every((byte, index) => head[index] === byte)) return fault(code, expected, found);
  const first = firstByte(head);
  if (String.fromCharCode(...head.subarray(first, first + LFS.length)) === LFS)
    return fault('lfs-pointer', 'the file itself', 'a Git LFS pointer: run `git lfs pull` where it came from');
  // JSON text has no zero bytes: control characters are escaped in strings.
  return first < head.length && head.includes(0) ? fault('binary', 'text', 'bytes that are not text') : null;
}

const BLANK_OR_MARK = new Set([0x20, 0x09, 0x0d, 0xef, 0xbb, 0xbf]);
const OPENERS = new Set([0x7b, 0x5b, 0x22]);
/** So many first bytes tell a container. */
const MAGIC = 8;

/**
 * Follows a stream, chunk after chunk, until it can be told whether a log may be in it: a container, or text of which some line
 * begins as JSON does. `false`: what it begins with is read by nobody.
 */
export function makeGlance(containers: readonly Container[] = CONTAINERS): (chunk: Uint8Array) => boolean | null {
  let head: Uint8Array | null = new Uint8Array(0);
  let atLineStart = true;
  return (chunk) => {
    let some = chunk;
    if (head !== null) {
      some = head = joinBytes([head, chunk]);
      if (head.length < MAGIC) return null;
      if (containers.some((each) => each.recognises(some))) return true;
      if (faultOf(some.subarray(0, HEAD)) !== null) return false;
      head = null;
    }
    for (const byte of some) {
      if (byte === 0x0a) atLineStart = true;
      else if (atLineStart && !BLANK_OR_MARK.has(byte)) {
        if (OPENERS.has(byte)) return true;
        atLineStart = false;
      }
    }
    return null;
  };
}
