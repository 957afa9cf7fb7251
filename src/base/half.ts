/** IEEE 754 binary16 and back. */

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** Every half as a float, filled on first use: 256 KiB. */
let table: Float32Array | null = null;

export function halfToFloat(half: number): number {
  return halfTable()[half];
}

/** half -> float, for loops over many. */
export function halfTable(): Float32Array {
  return (table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => slowly(bits)));
}

function slowly(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half, ties to even; what is too large becomes infinite. */
export function floatToHalf(value: number): number {
  floats[0] = value;
  const bits = words[0];
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  // From 65,520 on, halfway to the half after the largest.
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size < 0x38800000) return sign | Math.round(Math.abs(floats[0]) * 2 ** 24 - tie(Math.abs(floats[0]) * 2 ** 24));
  const odd = (size >>> 13) & 1;
  return sign | ((size - 0x38000000 + 0xfff + odd) >>> 13);
}

/** What keeps `Math.round`, which rounds halves up, from leaving an even number. */
function tie(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 && below % 2 === 0 ? 0.5 : 0;
}
