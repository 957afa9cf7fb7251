/** Arrays of texts of one width, as NumPy keeps them: `U<n>` in UTF-32, `S<n>` in bytes, both filled up with zeros. */
import { bytesText } from '../readers/table-values.ts';
import { DamagedPickle } from './damaged-pickle.ts';
import type { Strided } from './numbers.ts';

/** Characters of one text, by NumPy's code such as `U12`; undefined: it is no text. */
export function textWidth(code: string): number | undefined {
  const [, digits] = /^[US](\d{1,9})$/.exec(code) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Lists in lists of texts; a text where there is no dimension. Throws DamagedPickle where one lies outside of the bytes. */
export function textsOf({ bytes, isLittle, shape, strides }: Omit<Strided, 'type' | 'offset'>, code: string): unknown {
  const isWide = code.startsWith('U');
  const size = (textWidth(code) ?? 0) * (isWide ? 4 : 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (at: number): string => {
    const [start, end] = [at * size, (at + 1) * size];
    if (!(start >= 0 && end <= bytes.length)) throw new DamagedPickle('an array that reaches beyond its storage');
    if (!isWide) return bytesText(bytes.subarray(start, lastNotZero(bytes, start, end)));
    const points: string[] = [];
    for (let place = start; place < end; place += 4) {
      const point = view.getUint32(place, isLittle);
      if (point > 0x10ffff) throw new DamagedPickle(`a character ${point.toLocaleString('en')}`);
      points.push(String.fromCodePoint(point));
    }
    while (points.at(-1) === '\0') points.pop();
    return points.join('');
  };
  const level = (depth: number, at: number): unknown =>
    depth === shape.length ? read(at) : Array.from({ length: shape[depth]! }, (_, i) => level(depth + 1, at + i * strides[depth]!));
  return level(0, 0);
}

function lastNotZero(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && bytes[last - 1] === 0) last--;
  return last;
}
