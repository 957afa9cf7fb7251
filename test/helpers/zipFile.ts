/** ZIP archives, written by hand from the specification: with what its writers differ in. */
import { deflateRawSync } from 'node:zlib';
import { joinBytes } from '../../src/base/bytes.ts';
import { crc32 } from '../../src/base/crc32.ts';
import { zstdFrame } from './zstdFrame.ts';

export interface ZipMember {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** 0 stored (default), 8 deflate, 93 zstd; others are written as stored. */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  /** Lengths and checksum follow the member, and are 0 before it. */
  readonly isDescribedBehind?: boolean;
  /** Its lengths and place are told in 64 bits. */
  readonly is64?: boolean;
  /** Of the checksum, to be wrong. */
  readonly checksum?: number;
}

const encoder = new TextEncoder();
const le = (bytes: number, ...values: readonly number[]): number[] =>
  values.flatMap((value) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256));
const ONES = 0xffffffff;

/** @param hasDirectory false: as if its end were missing */
export function zipFile(members: readonly ZipMember[], hasDirectory = true): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const push = (...some: Uint8Array[]): void => {
    pieces.push(...some);
    for (const { length } of some) at += length;
  };
  for (const member of members) {
    const { method = 0, is64 = false, isDescribedBehind = false } = member;
    const content = typeof member.content === 'string' ? encoder.encode(member.content) : member.content;
    const packed = method === 8 ? deflateRawSync(content) : method === 93 ? zstdFrame(content) : content;
    const name = encoder.encode(member.name);
    const checksum = member.checksum ?? crc32(content);
    const flags = 0x800 | (member.isEncrypted ? 1 : 0) | (isDescribedBehind ? 8 : 0);
    const start = at;
    const [p, n] = is64 ? [ONES, ONES] : [packed.length, content.length];
    const localExtra = is64 && !isDescribedBehind ? [...le(2, 1, 16), ...le(8, content.length, packed.length)] : [];
    const told = isDescribedBehind ? [0, 0, 0] : [checksum, p, n];
    const head = [...le(4, 0x04034b50), ...le(2, 45, flags, method, 0, 0), ...le(4, ...told), ...le(2, name.length, localExtra.length)];
    push(Uint8Array.from(head), name, Uint8Array.from(localExtra), packed);
    if (isDescribedBehind) push(Uint8Array.from(le(4, 0x08074b50, checksum, packed.length, content.length)));
    const extra = is64 ? [...le(2, 0x5455, 1), 0, ...le(2, 1, 24), ...le(8, content.length, packed.length, start)] : [];
    const entry = [
      ...le(4, 0x02014b50),
      ...le(2, 45, 45, flags, method, 0, 0),
      ...le(4, checksum, p, n),
      ...le(2, name.length, extra.length, 3, 0, 0),
      ...le(4, 0, is64 ? ONES : start),
    ];
    directory.push(Uint8Array.from(entry), name, Uint8Array.from(extra), encoder.encode('why'));
  }
  if (!hasDirectory) return Uint8Array.from(joinBytes(pieces));
  const start = at;
  push(...directory);
  const size = at - start;
  const some64 = members.some(({ is64 }) => is64);
  const count = members.length;
  if (some64) {
    const place = at;
    push(Uint8Array.from([...le(4, 0x06064b50), ...le(8, 44), ...le(2, 45, 45), ...le(4, 0, 0), ...le(8, count, count, size, start)]));
    push(Uint8Array.from([...le(4, 0x07064b50, 0), ...le(8, place), ...le(4, 1)]));
  }
  const [s, t] = some64 ? [ONES, ONES] : [size, start];
  push(Uint8Array.from([...le(4, 0x06054b50), ...le(2, 0, 0, count, count), ...le(4, s, t), ...le(2, 2)]), encoder.encode('PK'));
  return Uint8Array.from(joinBytes(pieces));
}
