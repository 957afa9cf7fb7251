/** Moves per-token mass from one tokenisation of some bytes to another, by byte offsets, preserving the sum. */

/**
 * @param from byte length of each source token; @param values mass of each source token (NaN = none)
 * @param to byte length of each target token; both must cover the same number of bytes
 * @returns mass of each target token; NaN where every overlapping source token has none. The masses that exist keep
 * their sum: a source token's mass is shared out in proportion to the bytes each target token takes from it.
 */
export function mapMass(from: ArrayLike<number>, values: ArrayLike<number>, to: ArrayLike<number>): Float64Array {
  const out = new Float64Array(to.length).fill(NaN);
  eachShare(from, to, (source, target, share) => {
    const mass = values[source];
    if (!Number.isNaN(mass)) out[target] = (Number.isNaN(out[target]) ? 0 : out[target]) + mass * share;
  });
  return out;
}

/**
 * Names which share of each source token's mass goes to which target token; the shares of one source token sum to 1.
 * Source tokens of zero bytes give theirs to the target token that begins at their position (or the last one).
 */
export function eachShare(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  give: (source: number, target: number, share: number) => void,
): void {
  if (to.length === 0) return;
  let target = 0;
  let targetEnd = to[0];
  let at = 0;
  for (let source = 0; source < from.length; source++) {
    const length = from[source];
    if (length === 0) {
      give(source, at >= targetEnd && target + 1 < to.length ? target + 1 : target, 1);
      continue;
    }
    let left = length;
    while (left > 0) {
      while (at >= targetEnd && target + 1 < to.length) targetEnd += to[++target];
      const take = Math.min(left, Math.max(targetEnd - at, 0)) || left;
      give(source, target, take / length);
      at += take;
      left -= take;
    }
  }
}
