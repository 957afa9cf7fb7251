/** Ends unpacking where far more comes of a file than of any log: a few bytes can stand for terabytes. */
import { FREE_UNPACKED_BYTES, MAX_UNPACKED_BYTES, MAX_UNPACK_RATIO } from '../../base/bounds.ts';
import type { Inflated } from './container.ts';

const HEAD = 1 << 16;

/** What one file may be unpacked to, all that it holds together, be it in containers inside of it. */
export interface UnpackBudget {
  /**
   * What comes of one member: up to the bound, or as far as it takes to see that nobody reads it.
   *
   * @param isOutermost of the file itself, and not of a container in it
   */
  upTo(bytes: AsyncIterable<Inflated>, isOutermost?: boolean): AsyncGenerator<Inflated>;
  /** Bytes after which unpacking ended; null: all was unpacked. */
  readonly ended: number | null;
}

/**
 * @param packedBytes of the file as it was handed over, in which other containers may be
 * @param makeGlance made for each member and told its bytes: `false` where nobody reads what begins so, null where that is not plain
 */
export function makeUnpackBudget(packedBytes: number, makeGlance: () => (bytes: Uint8Array) => boolean | null): UnpackBudget {
  let total = 0;
  let ended: number | null = null;
  /** How far the file itself was read. */
  let reached = 0;
  return {
    get ended() {
      return ended;
    },
    async *upTo(bytes, isOutermost = true) {
      let ofMember = 0;
      const glance = makeGlance();
      for await (const some of bytes) {
        if (isOutermost) reached = Math.max(reached, Math.min(some.read, packedBytes));
        const byRatio = FREE_UNPACKED_BYTES + MAX_UNPACK_RATIO * reached - total;
        const room = Math.min(byRatio, MAX_UNPACKED_BYTES - ofMember);
        if (some.bytes.length > room) {
          ended = ofMember + Math.max(0, room);
          yield { ...some, bytes: some.bytes.subarray(0, Math.max(0, room)) };
          return;
        }
        yield some;
        // Only its beginning can tell.
        if (ofMember < HEAD && glance(some.bytes) === false) return;
        total += some.bytes.length;
        ofMember += some.bytes.length;
      }
    },
  };
}
