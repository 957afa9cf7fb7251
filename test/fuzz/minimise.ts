/** Makes an input that breaks something smaller, as long as it breaks the same. */
import { joinBytes } from '../../src/base/bytes.ts';

/** @param breaks whether an input still breaks what the first one breaks. @param most tries */
export async function minimise(
  input: Uint8Array<ArrayBuffer>,
  breaks: (input: Uint8Array<ArrayBuffer>) => Promise<boolean>,
  most = 600,
): Promise<Uint8Array<ArrayBuffer>> {
  let best = input;
  let tries = 0;
  for (let part = best.length >> 1; part >= 1 && tries < most; part >>= 1) {
    for (let at = 0; at < best.length && tries < most;) {
      const shorter = Uint8Array.from(joinBytes([best.subarray(0, at), best.subarray(at + part)]));
      tries++;
      if (await breaks(shorter)) best = shorter;
      else at += part;
    }
  }
  return best;
}
