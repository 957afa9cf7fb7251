/** Follows a Zstandard frame through pieces of a stream to its last byte, without unpacking it: RFC 8878 gives the lengths. */

/** No block holds more, packed or unpacked: RFC 8878, section 3.1.1.2.4. */
const MOST_IN_BLOCK = 1 << 17;
const CHECKSUM_BYTES = 4;
const MAGIC_AND_DESCRIPTOR = 5;

/** What a frame's header says. */
interface FrameHeader {
  /** Bytes of it, the magic number among them. */
  readonly length: number;
  /** Bytes that blocks may refer back to. */
  readonly window: number;
  /** Bytes that come of the frame; null: it does not say. */
  readonly contentSize: number | null;
  readonly hasChecksum: boolean;
}

export interface FrameWalk {
  /** Index behind the frame's last byte or its fault, where that lies in `bytes`, which go on where the last call's ended; else -1. */
  take(bytes: Uint8Array, from: number): number;
  readonly kind: 'unknown' | 'frame' | 'skippable' | 'none';
  /** Null until it is read. */
  readonly header: FrameHeader | null;
  /** What the frame gives as the lower half of its content's XXH64; null where it gives none, or not yet. */
  readonly checksum: number | null;
  /** At most so many bytes come of the blocks that were begun so far. */
  readonly most: number;
  /** Why nothing from here on can be unpacked. */
  readonly fault: string | null;
}

/** Throws nothing: bytes that begin no frame are of kind `none`, and have no end. */
export function walkFrame(): FrameWalk {
  let kind: FrameWalk['kind'] = 'unknown';
  let header: FrameHeader | null = null;
  let checksum: number | null = null;
  let fault: string | null = null;
  let most = 0;
  let isDone = false;
  /** The fixed-size field that is being read: its bytes so far and how many it takes; and bytes to pass by before it. */
  let field: number[] = [];
  let wanted = MAGIC_AND_DESCRIPTOR;
  let skip = 0;
  let read: () => void = readDescriptor;

  function readDescriptor(): void {
    const [a = 0, b, c, d, descriptor = 0] = field;
    const rest = b === 0xb5 && c === 0x2f && d === 0xfd;
    if (rest && a === 0x28) {
      kind = 'frame';
      const isSingle = (descriptor & 0x20) !== 0;
      const windowBytes = Number(!isSingle);
      const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
      const sizeBytes = descriptor >> 6 === 0 ? Number(isSingle) : 1 << (descriptor >> 6);
      next(windowBytes + dictionaryBytes + sizeBytes, () => {
        const behind = windowBytes + dictionaryBytes;
        // Two bytes count from 256 on.
        const contentSize = sizeBytes === 0 ? null : number(field.slice(behind)) + (sizeBytes === 2 ? 256 : 0);
        const window = isSingle ? (contentSize ?? 0) : windowSize(field[0] ?? 0);
        header = { length: MAGIC_AND_DESCRIPTOR + field.length, window, contentSize, hasChecksum: (descriptor & 4) !== 0 };
        if (number(field.slice(windowBytes, behind)) !== 0) fault = 'a frame that needs a dictionary';
        next(3, readBlock);
      });
    } else if ((a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) {
      kind = 'skippable';
      const low = descriptor;
      next(3, () => {
        skip = number([low, ...field]);
        next(0, end);
      });
    } else kind = 'none';
  }
  function readBlock(): void {
    const head = number(field);
    const size = head >> 3;
    const type = (head >> 1) & 3;
    if (size > Math.min(header?.window ?? 0, MOST_IN_BLOCK)) {
      fault = 'invalid zstd data';
      return;
    }
    most += type === 2 ? MOST_IN_BLOCK : size;
    skip = type === 1 ? 1 : size;
    if ((head & 1) === 0) next(3, readBlock);
    else if (header?.hasChecksum)
      next(CHECKSUM_BYTES, () => {
        checksum = number(field);
        end();
      });
    else next(0, end);
  }
  function end(): void {
    isDone = true;
  }
  function next(bytes: number, then: () => void): void {
    field = [];
    wanted = bytes;
    read = then;
  }
  return {
    get kind() {
      return kind;
    },
    get header() {
      return header;
    },
    get checksum() {
      return checksum;
    },
    get most() {
      return most;
    },
    get fault() {
      return fault;
    },
    take(bytes, from) {
      let at = from;
      for (;;) {
        if (kind === 'none') return -1;
        const passed = Math.min(skip, bytes.length - at);
        skip -= passed;
        at += passed;
        if (skip > 0) return -1;
        while (field.length < wanted && at < bytes.length) field.push(bytes[at++] ?? 0);
        if (field.length < wanted) return -1;
        read();
        if (isDone || fault !== null) return at;
      }
    },
  };
}

/** Little-endian, of up to eight bytes; beyond 2^53 rounded. */
function number(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
