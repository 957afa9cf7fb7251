/** Changes to bytes: flips, cuts, insertions, marks of encodings, parts of other inputs. */
import { joinBytes } from '../../../src/base/bytes.ts';
import type { Random } from '../random.ts';

/** Numbers at the edges of what fields of files hold. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff];
const WORDS = [
  '\u0000',
  '\ufeff',
  '\r\n',
  '\n',
  '\n\n',
  ' ',
  '\\u0000',
  '\ud83d',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\u2028',
  '\u001b[2J',
  '9',
];
const encoder = new TextEncoder();
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** @param other another input, of which a part may be taken */
export function mutateBytes(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.chance(0.7) ? 8 : Math.max(1, bytes.length));
  const replaced = (from: number, to: number, ...middle: readonly Uint8Array[]): Uint8Array =>
    joinBytes([bytes.subarray(0, from), ...middle, bytes.subarray(to)]);
  const changed = (place: number, value: (byte: number) => number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    if (place < copy.length) copy[place] = value(copy[place]);
    return copy;
  };
  switch (random.below(12)) {
    case 0:
    case 1:
      return changed(at, (byte) => byte ^ (1 << random.below(8)));
    case 2:
      return changed(at, () => random.pick(EDGES));
    case 3:
      return changed(at, () => random.below(256));
    case 4:
      return bytes.slice(0, at);
    case 5:
      return bytes.slice(at);
    case 6:
      return replaced(at, at + length);
    case 7:
      return replaced(at, at, bytes.subarray(at, at + length));
    case 8:
      return replaced(at, at, encoder.encode(random.pick(WORDS)));
    case 9:
      return random.chance(0.5) ? joinBytes([BOM, bytes]) : withLineEnds(bytes);
    case 10:
      return replaced(
        at,
        at + length,
        Uint8Array.from({ length: random.below(length + 1) }, () => random.below(256)),
      );
    default: {
      const from = random.below(other.length + 1);
      return replaced(at, random.chance(0.5) ? bytes.length : at, other.subarray(from, from + length));
    }
  }
}

/** Line ends of another system. */
function withLineEnds(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte === 10) out.push(13);
    out.push(byte);
  }
  return Uint8Array.from(out);
}
