/** gzip: several members, one after the other. */
import { Gunzip } from 'fflate';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { PackedStream } from './container.ts';
import { unpackStream, written } from './stream.ts';

/** The last bytes of a member: the length of what is in it, modulo 2^32. */
const LENGTH_BYTES = 4;
/** No member is shorter: a head of 10 bytes, an empty block, a checksum and the length. */
const SHORTEST_MEMBER = 20;

export const gzip: PackedStream = {
  id: 'gzip',
  recognises: (head) => head[0] === 0x1f && head[1] === 0x8b,
  async *inflate(source) {
    const size = source.byteLength;
    let made = 0;
    let member = 0;
    let isWhole = true;
    const unpacked = unpackStream(source, (take) => {
      const gunzip = new Gunzip((bytes) => {
        take(bytes);
        made += bytes.length;
      });
      // Told of each further member before the first bytes of it.
      gunzip.onmember = (offset) => {
        member = offset;
        made = 0;
      };
      return gunzip;
    });
    for await (const some of unpacked) {
      isWhole &&= some.fault === null;
      yield some;
    }
    // The library takes a member for complete whose last bytes, or the first of the next member, are missing or followed by a few others.
    if (isWhole && (size - member < SHORTEST_MEMBER || made % 2 ** 32 !== (await lastLength(source))))
      yield {
        bytes: new Uint8Array(0),
        read: size,
        fault: `the file ends at byte ${written(size)} without the unpacked length`,
      };
  },
};

async function lastLength(source: ByteSource): Promise<number> {
  const bytes = await source.read(source.byteLength - LENGTH_BYTES, source.byteLength);
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
