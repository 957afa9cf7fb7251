/** gzip: several members, one after the other. */
import { Gunzip } from 'fflate';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { crc32 } from '../../base/crc32.ts';
import type { PackedStream } from './container.ts';
import { changed, unpackStream, written } from './stream.ts';

/** The last bytes of a member: the CRC-32 of what is in it, and its length modulo 2^32. */
const TRAILER_BYTES = 8;
/** No member is shorter: a head of 10 bytes, an empty block, a checksum and the length. */
const SHORTEST_MEMBER = 20;

export const gzip: PackedStream = {
  id: 'gzip',
  recognises: (head) => head[0] === 0x1f && head[1] === 0x8b,
  async *inflate(source) {
    const size = source.byteLength;
    let own = { start: 0, length: 0, checksum: 0 };
    const ended: MemberEnd[] = [];
    let isWhole = true;
    const unpacked = unpackStream(source, (take) => {
      const gunzip = new Gunzip((bytes) => {
        take(bytes);
        own.length += bytes.length;
        own.checksum = crc32(bytes, own.checksum);
      });
      // Told of each further member before the first bytes of it.
      gunzip.onmember = (offset) => {
        if (offset > own.start) ended.push({ ...own, end: offset });
        own = { start: offset, length: 0, checksum: 0 };
      };
      return gunzip;
    });
    for await (const some of unpacked) {
      isWhole &&= some.fault === null;
      yield some;
      for (const member of ended.splice(0)) if ((await faultOf(source, member)) !== null) yield changed(member, some.read);
    }
    if (!isWhole) return;
    const last = { ...own, end: size };
    const fault = size - own.start < SHORTEST_MEMBER ? 'torn' : await faultOf(source, last);
    if (fault === 'changed') yield changed(last, size);
    // The library takes a member for complete whose last bytes, or the first of the next member, are missing or followed by a few others.
    else if (fault === 'torn')
      yield { bytes: new Uint8Array(0), read: size, fault: `the file ends at byte ${written(size)} without the unpacked length` };
  },
};

interface MemberEnd {
  readonly start: number;
  readonly end: number;
  /** Of what it was unpacked to: bytes, and their CRC-32. */
  readonly length: number;
  readonly checksum: number;
}

/** What a member says of its content, at its end: RFC 1952, section 2.3.1. `torn`: not even the length is right. */
async function faultOf(source: ByteSource, { end, length, checksum }: MemberEnd): Promise<'changed' | 'torn' | null> {
  const bytes = await source.read(end - TRAILER_BYTES, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) !== length % 2 ** 32) return 'torn';
  return view.getUint32(0, true) === checksum ? null : 'changed';
}
