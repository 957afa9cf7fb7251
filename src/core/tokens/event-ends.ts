/**
 * Where the events of a rollout end in tokens, as a short text: an export finds a message in its trajectory without
 * tokenising the rollout again. Text, because a row of each rollout carries it: one flat string of ASCII is far smaller
 * than a typed array of its own, and is copied between threads as it is.
 */
import { makeGrowable, push } from '../../base/growable.ts';

/** Bits of a number in one character; the next bit says that more follow. */
const BITS = 6;
const MORE = 1 << BITS;
const scratch = makeGrowable(Uint8Array, 256);
const decoder = new TextDecoder();

/**
 * @param events of each branch, how many. @param ends event, branch after branch -> tokens of its trajectory up to its end
 */
export function packBranchEnds(events: readonly number[], ends: Int32Array): string {
  const values = new Int32Array(1 + events.length + ends.length);
  values[0] = events.length;
  values.set(events, 1);
  values.set(ends, 1 + events.length);
  return pack(values);
}

/** branch -> event -> tokens up to its end: what `packBranchEnds` was given; none for an empty text */
export function unpackBranchEnds(text: string): Int32Array[] {
  const values = unpack(text);
  const branches = values.length > 0 ? values[0] : 0;
  let to = 1 + branches;
  return Array.from(values.subarray(1, 1 + branches), (events) => values.subarray(to, (to += events)));
}

/** Any Int32 values; small steps from one to the next take one or two characters each. */
function pack(ends: ArrayLike<number>): string {
  scratch.length = 0;
  let last = 0;
  for (let i = 0; i < ends.length; i++) {
    const step = (ends[i] - last) | 0;
    last = ends[i];
    // A branch begins at 0 again, so steps may be negative: the sign goes into the lowest bit.
    let rest = ((step << 1) ^ (step >> 31)) >>> 0;
    for (; rest >= MORE; rest >>>= BITS) push(scratch, (rest & (MORE - 1)) | MORE);
    push(scratch, rest);
  }
  return decoder.decode(scratch.data.subarray(0, scratch.length));
}

function unpack(text: string): Int32Array {
  const ends = makeGrowable(Int32Array, text.length);
  let last = 0;
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    value |= (code & (MORE - 1)) << shift;
    if ((code & MORE) !== 0) {
      shift += BITS;
      continue;
    }
    last = (last + ((value >>> 1) ^ -(value & 1))) | 0;
    push(ends, last);
    value = 0;
    shift = 0;
  }
  return ends.data.subarray(0, ends.length);
}
