/** Looks for numbers in lists that may be typed arrays, which the engine searches many times faster than a loop would. */

/** First index in [from, to) at which `list` holds `value`, or -1. */
export function indexOfNumber(list: ArrayLike<number>, value: number, from = 0, to = list.length): number {
  if (!(list instanceof Int32Array || list instanceof Uint8Array)) {
    for (let i = from; i < to; i++) if (list[i] === value) return i;
    return -1;
  }
  if (to >= list.length) return list.indexOf(value, from);
  const at = list.subarray(from, to).indexOf(value);
  return at < 0 ? -1 : from + at;
}
