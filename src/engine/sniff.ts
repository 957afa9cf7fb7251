/** Says from an input's first bytes who may read it: a container, record readers, or nobody. */
import { joinBytes } from '../base/bytes.ts';
import { bytesAt } from '../core/model/address.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { strangeKind } from '../core/source/file-kinds.ts';
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
const READABLE = 'JSON lines, a JSON document, Parquet, .gz, .zst, .zip or .tar';

/** What is expected in place of a kind that is not read; absent: a file that is. */
const EXPECTED: Readonly<Record<string, string>> = { encoding: 'UTF-8', binary: 'text', 'lfs-pointer': 'the file itself' };

/** @param containers that are unpacked where they are met */
export async function sniff(source: ByteSource, containers: readonly Container[] = CONTAINERS): Promise<Sniffed> {
  const head = await source.read(0, Math.min(HEAD, source.byteLength));
  if (isBinary(head)) return { kind: 'records', readers: READERS.filter((reader) => reader.isBinary && reader.recognises(head)) };
  const container = containers.find((each) => each.recognises(head));
  if (container) return { kind: 'container', container };
  const fault = faultOf(head);
  if (fault) return { kind: 'unreadable', fault };
  const isEmpty = source.byteLength === head.length && firstByte(head) === head.length;
  return { kind: 'records', readers: isEmpty ? [] : READERS.filter((reader) => reader.recognises(head)) };
}

function faultOf(head: Uint8Array): InputFault | null {
  const kind = strangeKind(head);
  if (kind === null) return null;
  const { code, name, remedy } = kind;
  const found = remedy === null ? name : `${name}: ${remedy}`;
  return { line: 1, address: bytesAt(0), code, expected: EXPECTED[code] ?? READABLE, found };
}

/** Whether a reader of files that are no text takes what begins so. */
export function isBinary(head: Uint8Array): boolean {
  return READERS.some((reader) => reader.isBinary === true && reader.recognises(head));
}

const BLANK_OR_MARK = new Set([0x20, 0x09, 0x0d, 0xef, 0xbb, 0xbf]);
const OPENERS = new Set([0x7b, 0x5b, 0x22]);
/** So many first bytes tell a container: the head of a tar archive is the longest. */
const MAGIC = 512;

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
      if (containers.some((each) => each.recognises(some)) || isBinary(some)) return true;
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
