/**
 * A source that grows, read line by line: from where reading ended to the last line end there is. What comes after it is held
 * until its line is complete, or until following ends: then it is a line like any other last line.
 *
 * What the whole file is (its container, its format) is told by its beginning. As long as that may still change it is looked at
 * again, and where it has changed, or where the file is no log of lines, it is read anew from the start.
 */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { lineEnds } from '../../core/source/number-lists.ts';
import type { OpenSettings } from '../answers/opening.ts';
import { planIntake } from '../intake.ts';
import { baseName } from '../input-names.ts';
import type { InputFile, OpenedInput } from '../open.ts';
import type { ParseJob } from '../parse.ts';
import { readerById } from '../readers/reader-by-id.ts';
import { sniff } from '../sniff.ts';
import type { More, Slot } from './regrow.ts';

/** A file that grows, as a platform hands it over. */
export interface GrowingSource {
  readonly path: string;
  /** The file as it is now: what `source` and `handle` read must not be less than `source.byteLength`. */
  now(): Promise<InputFile>;
}

export interface Followed {
  readonly growing: GrowingSource;
  /** Number of its input. */
  index: number;
  /** Bytes read, always up to a line end. */
  readTo: number;
  /** Bytes in which a line end has been looked for, at least `readTo`. */
  lookedTo: number;
}

/** What reading on would do. `ended`: why there is nothing more to follow, or null. */
export interface Step {
  readonly slot: Slot | null;
  readonly readTo: number;
  readonly lookedTo: number;
  readonly ended: string | null;
}

/** Beyond this the beginning of a file decides nothing more: detection has read its records by then. */
const DECIDED = 16 << 20;
const LOOK_BYTES = 1 << 20;

/** The first `end` bytes of a file. */
export function clipped(file: InputFile, end: number): InputFile {
  const { source } = file;
  if (end === source.byteLength) return file;
  const part: ByteSource = { name: source.name, byteLength: end, read: (from, to) => source.read(from, Math.min(to, end)) };
  return { ...file, source: part };
}

/** First byte after the last line end in [from, size); `from` where there is none. */
export async function afterLastLine(source: ByteSource, from: number, size: number): Promise<number> {
  for (let end = size; end > from;) {
    const start = Math.max(from, end - LOOK_BYTES);
    const found = lineEnds(await source.read(start, end));
    const last = found.at(-1);
    if (last !== undefined) return start + last + 1;
    end = start;
  }
  return from;
}

/** @param input as far as it is read. @param last read what is held, too: following ends. Writes nothing. */
export async function stepOf(followed: Followed, input: OpenedInput, settings: OpenSettings, last: boolean): Promise<Step> {
  const { index, readTo, lookedTo } = followed;
  const file = await followed.growing.now();
  const size = file.source.byteLength;
  if (size < lookedTo) return shrunk(followed, input, size);
  const after = last ? size : await afterLastLine(file.source, lookedTo, size);
  const end = !last && after === lookedTo ? readTo : after;
  const next = { readTo: end, lookedTo: size, ended: null };
  if (end === readTo) return { ...next, slot: null };
  const clip = clipped(file, end);
  const more = await moreOf(clip, input, readTo, settings);
  if (more) return { ...next, slot: { before: index, more } };
  // Read whole each time while it is small; a large file that is not lines waits until following ends.
  if (!last && end > DECIDED) return { slot: null, readTo, lookedTo, ended: null };
  return { ...next, slot: { file: clip, instead: index } };
}

/** What was read before stays as it is; null where it would be read otherwise now. */
async function moreOf(file: InputFile, input: OpenedInput, from: number, settings: OpenSettings): Promise<More | null> {
  const reader = input.reader === null ? null : readerById(input.reader);
  const sniffed = await sniff(file.source);
  if (input.fileIssues > 0 || from === 0 || reader?.grow === undefined || sniffed.kind !== 'records') return null;
  const format = input.format?.id ?? null;
  let { unmapped } = input;
  if (from < DECIDED || format === null) {
    const intake = await planIntake(file.source, 0, input.path, baseName(file.path), sniffed.readers, settings.mapping);
    if (!intake.ok || intake.reader !== reader.id || (intake.format?.id ?? null) !== format) return null;
    ({ unmapped } = intake);
  }
  const span = reader.grow(from, file.source.byteLength);
  const job = (index: number, path: string): ParseJob => ({
    source: index,
    name: baseName(file.path),
    path,
    format,
    reader: reader.id,
    span,
  });
  return { file, from, unmapped, jobs: (index, path) => [job(index, path)] };
}

/** What was read stays; that it cannot be read back is for the node that is looked at to say. */
function shrunk({ index, readTo, lookedTo }: Followed, input: OpenedInput, size: number): Step {
  const found = `${size.toLocaleString('en')} bytes, fewer than the ${lookedTo.toLocaleString('en')} read before`;
  const fault = { code: 'shrunk-file', expected: 'a file that only grows', found };
  const more: More = { file: input.file, from: readTo, unmapped: input.unmapped, jobs: () => [], fault };
  return { slot: { before: index, more }, readTo, lookedTo, ended: `the file shrank: ${found}` };
}
