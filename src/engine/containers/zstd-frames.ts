/**
 * Unpacks a Zstandard stream frame by frame, with the window that a frame's blocks need. The library allocates and moves the
 * window that a frame declares, which is megabytes even where a frame holds a line: many small frames took quadratic memory
 * traffic. RFC 8878 gives the lengths.
 */
import { Decompress } from 'fzstd';
import { joinBytes } from '../../base/bytes.ts';

/** A frame up to this many bytes is collected whole; a longer one is streamed with the window that it declares. */
const SHORT_FRAME = 1 << 17;
const MOST_IN_BLOCK = 1 << 17;
const CHECKSUM_BYTES = 4;
/** Magic number, then the descriptor byte, at which a window descriptor may follow. */
const WINDOW_AT = 5;
const SMALLEST_WINDOW_LOG = 10;
/** Text is seldom packed to less than this part of it. */
const TRIED_RATIO = 8;

/** Follows one frame through pieces of a stream, to its last byte. */
interface FrameWalk {
  /** Index behind the frame's last byte where that lies in `bytes`, which go on where the last call's ended; else -1. */
  take(bytes: Uint8Array, from: number): number;
  readonly kind: 'unknown' | 'frame' | 'skippable' | 'none';
  /** At most so many bytes come out of it; NaN while it is not walked to its end. */
  readonly most: number;
  /** The header has a window descriptor. */
  readonly hasWindow: boolean;
}

/** Throws nothing: bytes that begin no frame are of kind `none`, and have no end. */
function walkFrame(): FrameWalk {
  let kind: FrameWalk['kind'] = 'unknown';
  let hasWindow = false;
  let hasChecksum = false;
  let most = 0;
  let isDone = false;
  /** The fixed-size field that is being read: its bytes so far and how many it takes; and bytes to pass by before it. */
  let field: number[] = [];
  let wanted = 5;
  let skip = 0;
  let read: () => void = readDescriptor;

  function readDescriptor(): void {
    const [a = 0, b, c, d, descriptor = 0] = field;
    const rest = b === 0xb5 && c === 0x2f && d === 0xfd;
    if (rest && a === 0x28) {
      kind = 'frame';
      const isSingle = (descriptor & 0x20) !== 0;
      hasWindow = !isSingle;
      hasChecksum = (descriptor & 4) !== 0;
      const sizeBytes = descriptor >> 6 === 0 ? Number(isSingle) : 1 << (descriptor >> 6);
      skip = Number(hasWindow) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeBytes;
      next(3, readBlock);
    } else if ((a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) {
      kind = 'skippable';
      const low = descriptor;
      next(3, () => {
        skip = low + (field[0] ?? 0) * 2 ** 8 + (field[1] ?? 0) * 2 ** 16 + (field[2] ?? 0) * 2 ** 24;
        next(0, end);
      });
    } else kind = 'none';
  }
  function readBlock(): void {
    const head = (field[0] ?? 0) | ((field[1] ?? 0) << 8) | ((field[2] ?? 0) << 16);
    const size = head >> 3;
    const type = (head >> 1) & 3;
    most += type === 2 ? MOST_IN_BLOCK : size;
    skip = type === 1 ? 1 : size;
    if ((head & 1) === 0) next(3, readBlock);
    else {
      skip += hasChecksum ? CHECKSUM_BYTES : 0;
      next(0, end);
    }
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
    get most() {
      return isDone ? most : Number.NaN;
    },
    get hasWindow() {
      return hasWindow;
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
        if (isDone) return at;
      }
    },
  };
}

export interface ZstdFrames {
  /** Throws an Error where the bytes are no Zstandard, or end inside a frame with `isLast`: what came before has been handed out. */
  push(bytes: Uint8Array, isLast: boolean): void;
  /** Bytes pushed that it has kept back until their frame is whole. */
  readonly held: number;
}

export function zstdFrames(take: (bytes: Uint8Array) => void): ZstdFrames {
  let walk = walkFrame();
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** For a frame that is long, or none. */
  let stream: Decompress | null = null;

  const begin = (): void => {
    walk = walkFrame();
    held = [];
    heldBytes = 0;
    stream = null;
  };
  const hold = (bytes: Uint8Array, isLast: boolean): void => {
    if (walk.kind === 'skippable') return;
    if (stream !== null) {
      stream.push(bytes, isLast);
      return;
    }
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes <= SHORT_FRAME && walk.kind !== 'none' && !isLast) return;
    stream = new Decompress((some) => take(some));
    stream.push(joinBytes(held), isLast);
    held = [];
  };
  return {
    get held() {
      return stream === null ? heldBytes : 0;
    },
    push(bytes, isLast) {
      for (let at = 0; at < bytes.length;) {
        const end = walk.take(bytes, at);
        const part = bytes.subarray(at, end < 0 ? bytes.length : end);
        at += part.length;
        if (end >= 0 && stream === null && walk.kind === 'frame') {
          held.push(part);
          unpackShort(walk, joinBytes(held), take);
        } else hold(part, end >= 0 || isLast);
        if (end >= 0) begin();
        else if (isLast && walk.kind === 'skippable') throw new Error('unexpected EOF');
      }
    },
  };
}

/**
 * Unpacks a whole frame. The library allocates the window and as much for each compressed block: so first a window of a few
 * times the frame is tried. A block that needed more fills it to the last byte, whatever was written there.
 */
function unpackShort(walk: FrameWalk, frame: Uint8Array, take: (bytes: Uint8Array) => void): void {
  const tried = windowLog(frame.length * TRIED_RATIO);
  if (!walk.hasWindow || walk.most <= 1 << tried) {
    new Decompress((bytes) => take(bytes)).push(walk.hasWindow ? withWindow(frame, windowLog(walk.most)) : frame, true);
    return;
  }
  const blocks: Uint8Array[] = [];
  let length = 0;
  try {
    const trial = new Decompress((bytes) => {
      blocks.push(bytes);
      length += bytes.length;
    });
    trial.push(withWindow(frame, tried), true);
  } catch {
    // Damaged, or more than fits: what is the case is seen below.
    length = Infinity;
  }
  if (length < 1 << tried) for (const block of blocks) take(block);
  else new Decompress((bytes) => take(bytes)).push(withWindow(frame, windowLog(walk.most)), true);
}

/** Logarithm of the smallest window of at least so many bytes. */
function windowLog(bytes: number): number {
  return Math.max(SMALLEST_WINDOW_LOG, Math.ceil(Math.log2(bytes)));
}

/** The frame, declaring no larger a window. */
function withWindow(frame: Uint8Array, log: number): Uint8Array {
  const declared = frame[WINDOW_AT] ?? 0;
  const wanted = (log - SMALLEST_WINDOW_LOG) << 3;
  if (declared <= wanted) return frame;
  const copy = Uint8Array.from(frame);
  copy[WINDOW_AT] = wanted;
  return copy;
}
