/**
 * Unpacks a Zstandard stream frame by frame, with the window that a frame's blocks need, and compares what comes of each frame with
 * its checksum and length. The library does neither, and allocates and moves the window that a frame declares, which is megabytes
 * even where a frame holds a line: many small frames took quadratic memory traffic.
 */
import { Decompress } from 'fzstd';
import { MAX_ZSTD_WINDOW_BYTES } from '../../base/bounds.ts';
import { joinBytes } from '../../base/bytes.ts';
import { written } from './stream.ts';
import { walkFrame, type FrameWalk } from './zstd-walk.ts';

/** A frame up to this many bytes is collected whole; a longer one is streamed with the window that it declares. */
const SHORT_FRAME = 1 << 17;
/** So is one of which more than this may come. */
const SHORT_CONTENT = 1 << 23;
const SMALLEST_WINDOW_LOG = 10;
/** Text is seldom packed to less than this part of it. */
const TRIED_RATIO = 8;

export interface ZstdFrames {
  /** Throws an Error where the bytes are no Zstandard, or end inside a frame with `isLast`: what came before has been handed out. */
  push(bytes: Uint8Array, isLast: boolean): void;
  /** Bytes pushed that it has kept back until their frame is whole. */
  readonly held: number;
}

/** Content of one frame after the other. */
export interface FrameHash {
  init(): void;
  update(bytes: Uint8Array): void;
  /** The lower half of XXH64, of what came since `init`. */
  digest(): number;
}

/** Bytes [start, end) of the stream. */
export interface FramePlace {
  readonly start: number;
  readonly end: number;
}

/** @param onChanged told of each frame whose content, all of it handed out, is not what the frame says of it */
export function zstdFrames(take: (bytes: Uint8Array) => void, hash: FrameHash, onChanged: (frame: FramePlace) => void): ZstdFrames {
  let walk = walkFrame();
  /** First byte of the frame in the stream, and of what was unpacked of it how many. */
  let start = 0;
  let length = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** For a frame that is long, or none. */
  let stream: Decompress | null = null;
  /** Bytes of earlier pushes. */
  let pushed = 0;

  const handOut = (bytes: Uint8Array): void => {
    if (length === 0 && walk.header?.hasChecksum) hash.init();
    if (walk.header?.hasChecksum) hash.update(bytes);
    length += bytes.length;
    take(bytes);
  };
  const begin = (at: number): void => {
    walk = walkFrame();
    start = at;
    length = 0;
    held = [];
    heldBytes = 0;
    stream = null;
  };
  const isChanged = (): boolean => {
    const { header, checksum } = walk;
    if (header?.contentSize !== null && header?.contentSize !== length) return true;
    if (checksum === null) return false;
    if (length === 0) hash.init();
    return hash.digest() !== checksum;
  };
  const hold = (bytes: Uint8Array, isLast: boolean): void => {
    if (walk.kind === 'skippable') return;
    if (stream !== null) {
      stream.push(bytes, isLast);
      return;
    }
    held.push(bytes);
    heldBytes += bytes.length;
    const isShort = heldBytes <= SHORT_FRAME && walk.most <= SHORT_CONTENT;
    if (isShort && walk.kind !== 'none' && walk.fault === null && !isLast) return;
    const window = walk.header?.window ?? 0;
    if (window > MAX_ZSTD_WINDOW_BYTES)
      throw new Error(`a window of ${written(window)} bytes, where at most ${written(MAX_ZSTD_WINDOW_BYTES)} are kept,`);
    stream = new Decompress((some) => handOut(some));
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
        if (walk.fault !== null) {
          hold(part, false);
          throw new Error(walk.fault);
        }
        if (end >= 0 && stream === null && walk.kind === 'frame') {
          held.push(part);
          unpackShort(walk, joinBytes(held), handOut);
        } else hold(part, end >= 0 || isLast);
        if (end >= 0) {
          if (walk.kind === 'frame' && isChanged()) onChanged({ start, end: pushed + end });
          begin(pushed + end);
        } else if (isLast && walk.kind === 'skippable') throw new Error('unexpected EOF');
      }
      pushed += bytes.length;
    },
  };
}

/**
 * Unpacks a whole frame. The library allocates the window and as much for each compressed block: so first a window of a few
 * times the frame is tried. A block that needed more fills it to the last byte, whatever was written there.
 */
function unpackShort({ header, most }: FrameWalk, frame: Uint8Array, take: (bytes: Uint8Array) => void): void {
  const tried = windowLog(frame.length * TRIED_RATIO);
  const enough = windowLog(most);
  if (header === null || header.window <= 2 ** tried || most <= 2 ** tried) {
    new Decompress((bytes) => take(bytes)).push(withWindow(frame, header, enough), true);
    return;
  }
  const blocks: Uint8Array[] = [];
  let length = 0;
  try {
    const trial = new Decompress((bytes) => {
      blocks.push(bytes);
      length += bytes.length;
    });
    trial.push(withWindow(frame, header, tried), true);
  } catch {
    // Damaged, or more than fits: what is the case is seen below.
    length = Infinity;
  }
  if (length < 2 ** tried) for (const block of blocks) take(block);
  else new Decompress((bytes) => take(bytes)).push(withWindow(frame, header, enough), true);
}

/** Logarithm of the smallest window of at least so many bytes. */
function windowLog(bytes: number): number {
  return Math.max(SMALLEST_WINDOW_LOG, Math.ceil(Math.log2(bytes)));
}

/** The frame, declaring no larger a window, and no length where it was to be allocated for that. */
function withWindow(frame: Uint8Array, header: FrameWalk['header'], log: number): Uint8Array {
  if (header === null || header.window <= 2 ** log) return frame;
  const descriptor = header.hasChecksum ? 4 : 0;
  const window = (log - SMALLEST_WINDOW_LOG) << 3;
  return joinBytes([frame.subarray(0, 4), Uint8Array.of(descriptor, window), frame.subarray(header.length)]);
}
