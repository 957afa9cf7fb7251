/** Says from an input's first bytes who may read it: a container, record readers, or nobody. */
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
