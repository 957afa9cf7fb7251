/**
 * Kinds of files that hold no log and that people hand over all the same, told by their first bytes. Names play no part: a picture
 * that is called `log.jsonl` is a picture.
 */
import { firstByte } from './first-line.ts';

export interface FileKind {
  /** Stable, for issues. */
  readonly code: string;
  /** With its article, behind "is". */
  readonly name: string;
  /** What to do about it, behind a colon; null: nothing helps. */
  readonly remedy: string | null;
  /** Whether rollouts may be in it, in a form that is not read; false: none can. */
  readonly mayHoldRollouts: boolean;
}

/** Bytes at a place; -1 stands for any byte. */
type Magic = readonly [at: number, bytes: readonly number[]];

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const at = (place: number, ...bytes: readonly (number | string)[]): Magic => [
  place,
  bytes.flatMap((each) => (typeof each === 'string' ? ascii(each) : [each])),
];
const nothing = (code: string, name: string): FileKind => ({ code, name, remedy: null, mayHoldRollouts: false });
const packed = (code: string, name: string, remedy: string): FileKind => ({ code, name, remedy, mayHoldRollouts: true });

const UNPACK = 'unpack it, and drop what is inside';

/** The first that fits. Longer beginnings stand before shorter ones that they begin with. */
const KINDS: readonly (readonly [kind: FileKind, ...magics: readonly Magic[]])[] = [
  [nothing('image', 'a PNG image'), at(0, 0x89, 'PNG\r\n', 0x1a, '\n')],
  [nothing('image', 'a JPEG image'), at(0, 0xff, 0xd8, 0xff)],
  [nothing('image', 'a GIF image'), at(0, 'GIF87a')],
  [nothing('image', 'a GIF image'), at(0, 'GIF89a')],
  [nothing('image', 'a WebP image'), at(0, 'RIFF'), at(8, 'WEBP')],
  [nothing('image', 'a TIFF image'), at(0, 'II*', 0)],
  [nothing('image', 'a TIFF image'), at(0, 'MM', 0, '*')],
  [nothing('image', 'an AVIF image'), at(4, 'ftypavif')],
  [nothing('image', 'a HEIC image'), at(4, 'ftyphei')],
  [nothing('image', 'an icon'), at(0, 0, 0, 1, 0)],
  [nothing('sound', 'a WAV sound'), at(0, 'RIFF'), at(8, 'WAVE')],
  [nothing('sound', 'an MP3 sound'), at(0, 'ID3')],
  [nothing('sound', 'an Ogg sound or film'), at(0, 'OggS')],
  [nothing('sound', 'a FLAC sound'), at(0, 'fLaC')],
  [nothing('film', 'an AVI film'), at(0, 'RIFF'), at(8, 'AVI ')],
  [nothing('film', 'an MP4 film'), at(4, 'ftyp')],
  [nothing('film', 'a Matroska or WebM film'), at(0, 0x1a, 0x45, 0xdf, 0xa3)],
  [nothing('document', 'a PDF document'), at(0, '%PDF-')],
  [nothing('document', 'a PostScript document'), at(0, '%!PS')],
  [nothing('document', 'an older Office document'), at(0, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
  [nothing('document', 'an RTF document'), at(0, '{\\rtf')],
  [packed('container', 'a RAR archive', UNPACK), at(0, 'Rar!', 0x1a, 7)],
  [packed('container', 'a 7z archive', UNPACK), at(0, '7z', 0xbc, 0xaf, 0x27, 0x1c)],
  [packed('container', 'an xz archive', UNPACK), at(0, 0xfd, '7zXZ', 0)],
  [packed('container', 'a bzip2 archive', UNPACK), at(0, 'BZh')],
  [packed('container', 'an LZ4 archive', UNPACK), at(0, 0x04, 0x22, 0x4d, 0x18)],
  [packed('container', 'an Arrow file', 'convert it to JSONL'), at(0, 'ARROW1')],
  [packed('container', 'a Feather file', 'convert it to JSONL'), at(0, 'FEA1')],
  [packed('container', 'an Avro file', 'convert it to JSONL'), at(0, 'Obj', 1)],
  [packed('container', 'an ORC file', 'convert it to JSONL'), at(0, 'ORC')],
  [packed('container', 'a SQLite database', 'export its rows as JSONL'), at(0, 'SQLite format 3', 0)],
  [packed('container', 'an HDF5 file', 'export its rows as JSONL'), at(0, 0x89, 'HDF\r\n', 0x1a, '\n')],
  [packed('container', 'a NumPy array', 'export it as JSONL'), at(0, 0x93, 'NUMPY')],
  [nothing('program', 'a program'), at(0, 0x7f, 'ELF')],
  [nothing('program', 'a program'), at(0, 'MZ', -1, 0)],
  [nothing('program', 'a program'), at(0, 0xcf, 0xfa, 0xed, 0xfe)],
  [nothing('program', 'a Java class'), at(0, 0xca, 0xfe, 0xba, 0xbe)],
  [nothing('program', 'a WebAssembly module'), at(0, 0, 'asm')],
  [nothing('weights', 'a GGUF model'), at(0, 'GGUF')],
  [nothing('font', 'a font'), at(0, 'wOF2')],
  [nothing('font', 'a font'), at(0, 'OTTO')],
  [nothing('font', 'a font'), at(0, 0, 1, 0, 0, 0)],
  [packed('encoding', 'UTF-32 text', 'save it as UTF-8'), at(0, 0xff, 0xfe, 0, 0)],
  [packed('encoding', 'UTF-16 text', 'save it as UTF-8'), at(0, 0xff, 0xfe)],
  [packed('encoding', 'UTF-16 text', 'save it as UTF-8'), at(0, 0xfe, 0xff)],
];

const LFS: FileKind = {
  code: 'lfs-pointer',
  name: 'a Git LFS pointer',
  remedy: 'run `git lfs pull` where it came from',
  mayHoldRollouts: true,
};
const BINARY = nothing('binary', 'binary data, not text');

/** Beginnings of texts, behind white space and a byte order mark. */
const TEXTS: readonly (readonly [kind: FileKind, begins: RegExp])[] = [
  [LFS, /^version https:\/\/git-lfs/],
  [nothing('document', 'an SVG image'), /^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?<svg[\s>]/i],
  [nothing('document', 'an HTML page'), /^(<!--[^]*?-->\s*)?<(!doctype html|html|head|body)[\s>]/i],
  [packed('text', 'XML', 'convert it to JSONL'), /^<\?xml[\s>]/i],
  [nothing('text', 'a Python program'), /^(#!.*python|import [\w.]+\s*$|from [\w.]+ import )/m],
  [nothing('text', 'a shell script'), /^#!.*\b(sh|bash|zsh)\b/],
  [packed('text', 'YAML', 'convert it to JSONL'), /^(---\s*\n|%YAML )/],
];

const CSV: FileKind = packed('text', 'CSV', 'convert it to JSONL');
const TSV: FileKind = packed('text', 'a table with tabs', 'convert it to JSONL');
const TEXT = packed('text', 'text that is not JSON', 'a log is JSON lines or a JSON document');

/**
 * What a file is that no reader of logs can do anything with; null: it may be a log, or nothing is known of it.
 * @param head its first 64 KiB, or all of it
 */
export function strangeKind(head: Uint8Array): FileKind | null {
  for (const [kind, ...magics] of KINDS) if (magics.every((magic) => fits(head, magic))) return kind;
  const first = firstByte(head);
  if (first < head.length && LFS_BYTES.every((byte, i) => head[first + i] === byte)) return LFS;
  // Markup may have lines that begin as JSON does, and is none.
  if (head[first] === LESS_THAN) return markupKind(new TextDecoder().decode(head.subarray(first)));
  // JSON text has no zero bytes: control characters are escaped in strings.
  return first < head.length && head.includes(0) ? BINARY : null;
}

const LESS_THAN = 0x3c;

function markupKind(text: string): FileKind | null {
  return TEXTS.find(([, begins]) => begins.source.includes('<') && begins.test(text))?.[0] ?? null;
}

const LFS_BYTES = ascii('version https://git-lfs');

/**
 * What text is that has no line which begins as JSON does; null: it has one, or is no text.
 * @param head its first 64 KiB, or all of it
 */
export function strangeText(head: Uint8Array): FileKind | null {
  if (head.includes(0)) return null;
  const text = new TextDecoder().decode(head).trimStart();
  if (text === '' || text.split('\n').some((line) => /^\s*[{["]/.test(line))) return null;
  const known = TEXTS.find(([, begins]) => begins.test(text));
  if (known) return known[0];
  const [names = '', values = ''] = text.split(/\r?\n/);
  if (isTable(names, values, '\t')) return TSV;
  if (isTable(names, values, ',') || isTable(names, values, ';')) return CSV;
  return TEXT;
}

/** Two lines with as many cells each, at least two, of which the first has names. */
function isTable(names: string, values: string, between: string): boolean {
  const head = names.split(between);
  return head.length > 1 && head.every((name) => name.trim() !== '' && name.length < 80) && values.split(between).length >= head.length;
}

function fits(head: Uint8Array, [place, bytes]: Magic): boolean {
  return bytes.every((byte, i) => (byte === -1 ? place + i < head.length : head[place + i] === byte));
}

/** `is a PNG image`, or `is CSV: convert it to JSONL`. */
export function kindText({ name, remedy }: FileKind): string {
  return `is ${name}${remedy === null ? '' : `: ${remedy}`}`;
}
