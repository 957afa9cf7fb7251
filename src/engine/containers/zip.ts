/**
 * ZIP archives: members that are stored, deflated or packed by Zstandard (method 93, as Inspect AI writes). The central directory says
 * which there are; each is compared with its checksum and length.
 */
import { Inflate } from 'fflate';
import { crc32 } from '../../base/crc32.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { sliceSource } from '../../core/source/slice-source.ts';
import type { Archive, Inflated } from './container.ts';
import { unpackStream, written } from './stream.ts';
import { localHeader, zipEntries, type ZipEntry } from './zip-directory.ts';
import { unpackZstd } from './unpack-zstd.ts';

/** How a member is packed: section 4.4.5 of the specification. */
const METHODS: Readonly<Record<number, (packed: ByteSource) => AsyncGenerator<Inflated>>> = {
  0: (packed) => unpackStream(packed, (take) => ({ push: (bytes) => take(bytes) })),
  8: (packed) =>
    unpackStream(packed, (take) => {
      const inflate = new Inflate((bytes) => take(bytes));
      return { push: (bytes, isLast) => inflate.push(bytes, isLast) };
    }),
  93: unpackZstd,
};

/** Names by which `torch.save` is told, which packs tensors so: that is no archive of logs. */
const TORCH = /\/data\.pkl$/;

export const zip: Archive = {
  id: 'zip',
  recognises(head) {
    if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
    if (head[2] === 5 && head[3] === 6) return true;
    if (head[2] !== 3 || head[3] !== 4) return false;
    const nameBytes = (head[26] ?? 0) + 256 * (head[27] ?? 0);
    return !TORCH.test(new TextDecoder().decode(head.subarray(30, 30 + nameBytes)));
  },
  async *members(source) {
    const entries = zipEntries(source);
    for (;;) {
      const { done, value } = await entries.next();
      if (done === true) {
        if (value !== null) yield { name: null, bytes: nothing(source.byteLength, value) };
        return;
      }
      // A folder.
      if (value.name.endsWith('/') && value.length === 0) continue;
      yield { name: value.name, bytes: bytesOf(source, value) };
    }
  },
};

async function* bytesOf(source: ByteSource, entry: ZipEntry): AsyncGenerator<Inflated> {
  const header = await localHeader(source, entry.at);
  const unpack = METHODS[entry.method];
  if (header === null) yield* nothing(entry.at, `no member begins at byte ${written(entry.at)}, where the archive says so`);
  else if (entry.isEncrypted) yield* nothing(entry.at, 'it is encrypted');
  else if (unpack === undefined) yield* nothing(entry.at, `it is packed by method ${entry.method}: stored, deflate and zstd are read`);
  else {
    const { dataStart } = header;
    const end = dataStart + entry.packed;
    const torn = end > source.byteLength ? `the archive ends at byte ${written(source.byteLength)}, inside it` : null;
    let length = 0;
    let checksum = 0;
    let isWhole = torn === null;
    for await (const some of unpack(sliceSource(source, dataStart, end))) {
      length += some.bytes.length;
      checksum = crc32(some.bytes, checksum);
      isWhole &&= some.fault === null;
      const fault = some.fault === null ? null : (torn ?? `${some.fault}, counted from byte ${written(dataStart)}`);
      yield { bytes: some.bytes, read: dataStart + some.read, fault };
      // A bomb need not be unpacked to be told: no member is longer than it says.
      if (length > entry.length) break;
    }
    const isChanged = length !== entry.length || checksum !== entry.checksum;
    if (torn !== null) yield* nothing(end, torn);
    else if (isWhole && isChanged)
      yield* nothing(end, `it has another checksum or length than the archive names: what it holds has changed`);
  }
}

async function* nothing(read: number, fault: string): AsyncGenerator<Inflated> {
  yield { bytes: new Uint8Array(0), read, fault };
}
