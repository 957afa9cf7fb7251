/**
 * The file that `torch.load` reads: a ZIP whose entries are stored, of which `data.pkl` is a pickle. It is written in one pass, the
 * size and checksum of an entry behind it. https://github.com/pytorch/pytorch/blob/main/caffe2/serialize/inline_container.h
 */
import { crc32 } from '../../base/crc32.ts';
import { pickled, pickledFrame, type Picklable, type PickledObject } from './pickle.ts';

/** Offsets have 32 bits: no file may be longer. */
const LONGEST = 2 ** 32 - 1;
/** The archive's folder, whose name torch takes from its first entry. */
const FOLDER = 'train';
const BESIDE: readonly (readonly [name: string, text: string])[] = [
  ['byteorder', 'little'],
  ['version', '3\n'],
];

export interface TorchFile {
  readonly head: Uint8Array;
  add(member: Picklable): Uint8Array;
  /** To be called once: all that is behind the members. */
  end(): Uint8Array;
}

interface Entry {
  readonly name: Uint8Array;
  readonly start: number;
  checksum: number;
  size: number;
}

/** A dict with `others` and the list `name`, whose members are added one by one. Throws where the file would pass 4 GB. */
export function makeTorchFile(others: PickledObject, name: string): TorchFile {
  const frame = pickledFrame(others, name);
  const entries: Entry[] = [];
  let length = 0;
  const counted = (bytes: Uint8Array): Uint8Array => {
    length += bytes.length;
    if (length > LONGEST) throw new Error('a file for torch would be longer than 4 GB: write smaller ones with --shard');
    return bytes;
  };
  const begin = (path: string): Uint8Array => {
    const entry = { name: new TextEncoder().encode(`${FOLDER}/${path}`), start: length, checksum: 0, size: 0 };
    entries.push(entry);
    return counted(localHeader(entry));
  };
  const content = (bytes: Uint8Array): Uint8Array => {
    const entry = entries.at(-1);
    if (entry === undefined) throw new Error('no entry was begun');
    entry.checksum = crc32(bytes, entry.checksum);
    entry.size += bytes.length;
    return counted(bytes);
  };
  const finish = (): Uint8Array => counted(descriptor(entries.at(-1)));
  return {
    head: joined([begin('data.pkl'), content(frame.head)]),
    add: (member) => content(pickled(member)),
    end() {
      const parts = [content(frame.end), finish()];
      for (const [path, text] of BESIDE) parts.push(begin(path), content(new TextEncoder().encode(text)), finish());
      const start = length;
      for (const entry of entries) parts.push(counted(centralHeader(entry)));
      parts.push(endRecord(entries.length, start, length - start));
      return joined(parts);
    },
  };
}

/** Little-endian fields behind each other: [bytes, value]. */
function fields(list: readonly (readonly [2 | 4, number])[], tail: Uint8Array = new Uint8Array(0)): Uint8Array {
  const size = list.reduce((sum, [bytes]) => sum + bytes, 0);
  const made = new Uint8Array(size + tail.length);
  const view = new DataView(made.buffer);
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  made.set(tail, size);
  return made;
}

/** Version 2.0; bit 3: sizes and checksum stand behind the content. Stored; the first day that ZIP knows, 1980-01-01. */
const COMMON: readonly (readonly [2, number])[] = [
  [2, 20],
  [2, 8],
  [2, 0],
  [2, 0],
  [2, 0x21],
];

function localHeader({ name }: Entry): Uint8Array {
  return fields([[4, 0x04034b50], ...COMMON, [4, 0], [4, 0], [4, 0], [2, name.length], [2, 0]], name);
}

function descriptor(entry: Entry | undefined): Uint8Array {
  const { checksum = 0, size = 0 } = entry ?? {};
  return fields([
    [4, 0x08074b50],
    [4, checksum],
    [4, size],
    [4, size],
  ]);
}

function centralHeader({ name, start, checksum, size }: Entry): Uint8Array {
  const sizes = [
    [4, checksum],
    [4, size],
    [4, size],
    [2, name.length],
  ] as const;
  // No extra field, no comment, first disk, no attributes.
  const rest = [
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, start],
  ] as const;
  return fields([[4, 0x02014b50], [2, 20], ...COMMON, ...sizes, ...rest], name);
}

function endRecord(entries: number, start: number, size: number): Uint8Array {
  return fields([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, entries],
    [2, entries],
    [4, size],
    [4, start],
    [2, 0],
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const made = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}
