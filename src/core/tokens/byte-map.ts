/** Moves per-token mass from one tokenisation of some bytes to another, by byte offsets, preserving the sum. */

/**
 * @param from byte length of each source token; @param values mass of each source token (NaN = none)
 * @param to byte length of each target token; both must cover the same number of bytes
 * @returns mass of each target token; NaN where every overlapping source token has none. The masses that exist keep
 * their sum: a source token's mass is shared out in proportion to the bytes each target token takes from it.
 * Source tokens of zero bytes give their mass to the target token that begins at their position (or the last one).
 */
export function mapMass(from: ArrayLike<number>, values: ArrayLike<number>, to: ArrayLike<number>): Float64Array {
  const out = new Float64Array(to.length).fill(NaN);
  if (to.length === 0) return out;
  let target = 0;
  let targetEnd = to[0];
  let at = 0;
  const give = (index: number, mass: number): void => {
    if (!Number.isNaN(mass)) out[index] = (Number.isNaN(out[index]) ? 0 : out[index]) + mass;
  };
  for (let source = 0; source < from.length; source++) {
    const length = from[source];
    const mass = values[source];
    if (length === 0) {
      give(at >= targetEnd && target + 1 < to.length ? target + 1 : target, mass);
      continue;
    }
    let left = length;
    while (left > 0) {
      while (at >= targetEnd && target + 1 < to.length) targetEnd += to[++target];
      const take = Math.min(left, Math.max(targetEnd - at, 0)) || left;
      give(target, (mass * take) / length);
      at += take;
      left -= take;
    }
  }
  return out;
}
