/** Members that come piece by piece, as in the chunks of a stream. */
import { isObject } from './json.ts';

/** Puts an object's members over those before, in O(its members): a copy for each piece would cost all members each time. */
export function gather(into: Map<string, unknown>, piece: unknown): void {
  if (isObject(piece)) for (const key of Object.keys(piece)) into.set(key, piece[key]);
}
