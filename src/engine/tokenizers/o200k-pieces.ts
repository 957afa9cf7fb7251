/**
 * Where o200k_base's split pattern ends a piece, decided from bytes for ASCII text: the pattern with its Unicode
 * classes is what takes most time otherwise. A piece that touches anything else is left to the pattern itself.
 */

/** The piece reaches, or may reach, a character beyond ASCII. */
const UNDECIDED = -1;

const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const BLANK = 3;
const LINE_END = 4;
const MARK = 5;
const BEYOND = 6;
/** Behind the text. */
const END = 7;

const SPACE = 32;
const QUOTE = 39;
const SLASH = 47;

const KIND_OF = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 128) return BEYOND;
  const character = String.fromCharCode(byte);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[\r\n]/.test(character)) return LINE_END;
  return /\s/.test(character) ? BLANK : MARK;
});

/** End of the piece that begins at `at`, within `bytes[.. end)`. */
export function o200kPieceEnd(bytes: Uint8Array, at: number, end: number): number {
  const kind = KIND_OF[bytes[at]!]!;
  if (kind <= UPPER) return wordEnd(bytes, at, end);
  if (kind === DIGIT) return numberEnd(bytes, at, end);
  if (kind === BEYOND) return UNDECIDED;
  if (kind === LINE_END) return blankEnd(bytes, at, end);
  // A blank or a mark goes with the word behind it, a space also with marks behind it.
  const next = at + 1 < end ? KIND_OF[bytes[at + 1]!]! : END;
  if (next <= UPPER) return wordEnd(bytes, at + 1, end);
  if (next === BEYOND) return UNDECIDED;
  if (kind === MARK) return marksEnd(bytes, at + 1, end);
  if (next === MARK && bytes[at] === SPACE) return marksEnd(bytes, at + 2, end);
  return blankEnd(bytes, at, end);
}

/** Capitals, then small letters, then an English contraction. */
function wordEnd(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && KIND_OF[bytes[i]!] === UPPER) i++;
  while (i < end && KIND_OF[bytes[i]!] === LOWER) i++;
  if (i === end) return i;
  if (bytes[i]! >= 128) return UNDECIDED;
  return bytes[i] === QUOTE ? i + contraction(bytes, i, end) : i;
}

/** Length of `'s 'd 'm 't 'll 've 're` in either case at `at`, or 0. */
function contraction(bytes: Uint8Array, at: number, end: number): number {
  const first = at + 1 < end ? String.fromCharCode(bytes[at + 1]! | 32) : '';
  if (first === 's' || first === 'd' || first === 'm' || first === 't') return KIND_OF[bytes[at + 1]!]! <= UPPER ? 2 : 0;
  if (at + 2 >= end || KIND_OF[bytes[at + 1]!]! > UPPER || KIND_OF[bytes[at + 2]!]! > UPPER) return 0;
  const both = first + String.fromCharCode(bytes[at + 2]! | 32);
  return both === 'll' || both === 've' || both === 're' ? 3 : 0;
}

/** Three digits at most. */
function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && i < at + 3 && KIND_OF[bytes[i]!] === DIGIT) i++;
  return i < end && i < at + 3 && bytes[i]! >= 128 ? UNDECIDED : i;
}

/** Marks, then line ends and slashes. */
function marksEnd(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && KIND_OF[bytes[i]!] === MARK) i++;
  if (i < end && bytes[i]! >= 128) return UNDECIDED;
  while (i < end && (KIND_OF[bytes[i]!] === LINE_END || bytes[i] === SLASH)) i++;
  return i;
}

/** Blanks up to the last line end among them; without one, all but the last blank, which goes with what follows. */
function blankEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  let afterLine = -1;
  for (; i < end; i++) {
    const kind = KIND_OF[bytes[i]!];
    if (kind === LINE_END) afterLine = i + 1;
    else if (kind !== BLANK) break;
  }
  if (i < end && bytes[i]! >= 128) return UNDECIDED;
  if (afterLine >= 0) return afterLine;
  return i === end || i === at + 1 ? i : i - 1;
}
