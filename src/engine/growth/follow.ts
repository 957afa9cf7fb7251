/**
 * A source that grows, read line by line: from where reading ended to the last line end there is. What comes after it is held
 * until its line is complete, or until following ends: then it is a line like any other last line.
 *
 * What the whole file is (its container, its format) is told by its beginning. As long as that may still change it is looked at
 * again, and where it has changed, or where the file is no log of lines, it is read anew from the start.
 */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { planRanges, RANGE_BYTES } from '../../core/source/lines.ts';
import { lineEnds } from '../../core/source/number-lists.ts';
import { sliceSource } from '../../core/source/slice-source.ts';
import type { OpenSettings } from '../answers/opening.ts';
import { changeOf, identityOf } from '../identity.ts';
import { planIntake } from '../intake.ts';
import { baseName } from '../input-names.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { InputFile } from '../input-file.ts';
import type { ParseJob } from '../parse-job.ts';
import { readerById } from '../readers/reader-by-id.ts';
import type { RecordSpan } from '../readers/reader.ts';
import { sniff } from '../sniff.ts';
import type { More, Slot } from './regrow.ts';
import type { GrowingSource } from '../input-file.ts';

export interface Followed {
  readonly growing: GrowingSource;
  /** Number of its input. */
  index: number;
  /** Bytes read, always up to a line end. */
  readTo: number;
  /** Bytes in which a line end has been looked for, at least `readTo`. */
  lookedTo: number;
}

/** What reading on would do. `ended`: why there is nothing more to follow, or null; `unread`: why what came is not read yet. */
export interface Step {
  readonly slot: Slot | null;
  readonly readTo: number;
  readonly lookedTo: number;
  readonly ended: string | null;
  readonly unread?: string;
}

/** Beyond this the beginning of a file decides nothing more: detection has read its records by then. */
const DECIDED = 16 << 20;
const LOOK_BYTES = 1 << 20;
const BOUND = `${DECIDED.toLocaleString('en')} bytes`;
const LARGE = `it has changed and is no log of lines: such files are read anew up to ${BOUND}, this one when opened again`;

/**
 * The first `end` bytes of a file that grows. What a browser hands out is no longer readable once the file has grown: then it is asked
 * for again.
 */
function clipped(growing: GrowingSource, file: InputFile, end: number): InputFile {
  let now = file;
  const source: ByteSource = {
    name: file.source.name,
    byteLength: end,
    async read(from, to) {
      const stop = Math.min(to, end);
      try {
        return await now.source.read(from, stop);
      } catch {
        now = await growing.now();
        return now.source.read(from, stop);
      }
    },
    async now() {
      now = await growing.now();
      return { byteLength: now.source.byteLength, modified: null, touched: null };
    },
  };
  return {
    path: file.path,
    source,
    get handle() {
      return now.handle;
    },
  };
}

/** First byte after the last line end in [from, size); `from` where there is none. */
async function afterLastLine(source: ByteSource, from: number, size: number): Promise<number> {
  for (let end = size; end > from;) {
    const start = Math.max(from, end - LOOK_BYTES);
    const found = lineEnds(await source.read(start, end));
    const last = found.at(-1);
    if (last !== undefined) return start + last + 1;
    end = start;
  }
  return from;
}

/**
 * How far a file is read when it is first followed: to its last line end; one that is a single document, to its end.
 * @returns the file up to there
 */
export async function firstStep(growing: GrowingSource, settings: OpenSettings): Promise<Begun> {
  const file = await growing.now();
  const size = file.source.byteLength;
  const readTo = await wholeEnd(file, settings);
  return { growing, file: { ...clipped(growing, file, readTo), growing }, readTo, lookedTo: size };
}

/** A file that is to be followed, as far as it is read. */
export interface Begun {
  readonly growing: GrowingSource;
  readonly file: InputFile;
  readonly readTo: number;
  readonly lookedTo: number;
}

/** The last line end of a file that is lines; the end of one that is packed, or a document of which no line could be a record. */
async function wholeEnd(file: InputFile, settings: OpenSettings): Promise<number> {
  const { source, path } = file;
  const size = source.byteLength;
  const lineEnd = await afterLastLine(source, 0, size);
  if (lineEnd === size) return size;
  const sniffed = await sniff(source);
  if (sniffed.kind === 'container') return size;
  if (sniffed.kind !== 'records') return lineEnd;
  const intake = await planIntake(source, 0, path, baseName(path), sniffed.readers, settings.mapping);
  if (!intake.ok || intake.reader === null || intake.torn !== null || readerById(intake.reader).grow !== undefined) return lineEnd;
  // A single value on a single line may be the first of many lines, where the name does not say that it is a document: should lines
  // come behind it, it is read anew.
  if (/\.json$/i.test(path)) return size;
  const { records } = intake.jobs[0]?.span ?? {};
  const isRoot = records?.starts.length === 1 && (records.ends[0] ?? 0) >= size - 1;
  return isRoot && lineEnd === 0 ? lineEnd : size;
}

/** @param input as far as it is read. @param last read what is held, too: following ends. Writes nothing. */
export async function stepOf(followed: Followed, input: OpenedInput, settings: OpenSettings, last: boolean): Promise<Step> {
  const { index, readTo, lookedTo } = followed;
  const file = await followed.growing.now();
  const size = file.source.byteLength;
  const reader = input.reader === null ? null : readerById(input.reader);
  // A document is written anew each time, and a container is read anew: also where it is shorter now.
  const isWhole = input.part.member !== null || input.part.file !== input.part.from || (reader !== null && reader.grow === undefined);
  if (isWhole) {
    const isLarge = size > DECIDED;
    const end = last || isLarge ? size : await wholeEnd(file, settings);
    const isSame = end === readTo && (await changeOf(input.dropped, input.identity)) === null;
    if (isLarge && !last && !isSame) return { slot: null, readTo, lookedTo, ended: null, unread: LARGE };
    const next = { readTo: end, lookedTo: size, ended: null };
    return { ...next, slot: isSame ? null : { file: clipped(followed.growing, file, end), instead: index, grows: true } };
  }
  if (size < lookedTo) {
    const found = `${size.toLocaleString('en')} bytes, fewer than the ${lookedTo.toLocaleString('en')} read before`;
    return broken(followed, input, 'shrunk-file', found, `the file shrank: ${found}`);
  }
  const isLines = readTo > 0 && reader?.grow !== undefined;
  const what = isLines ? await changeOf(input.dropped, input.identity) : null;
  if (what !== null) return broken(followed, input, 'changed-file', what, `the file was replaced: it ${what}`);
  const after = last ? size : await afterLastLine(file.source, lookedTo, size);
  const end = !last && after === lookedTo ? readTo : after;
  const next = { readTo: end, lookedTo: size, ended: null };
  if (end === readTo) return { ...next, slot: null };
  const clip = clipped(followed.growing, file, end);
  const more = await moreOf(clip, input, readTo, settings);
  if (more) return { ...next, slot: { before: index, more } };
  // Read whole each time while it is small; a large file that is not lines waits until following ends.
  if (!last && end > DECIDED) return { slot: null, readTo, lookedTo, ended: null, unread: LARGE };
  return { ...next, slot: { file: clip, instead: index, grows: true } };
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
  const grow = reader.grow.bind(reader);
  // In ranges, as a file is read that is opened: room is looked at before each.
  const added = sliceSource(file.source, from, file.source.byteLength);
  const ranges = await planRanges(added, Math.ceil(added.byteLength / RANGE_BYTES));
  const spans = ranges.map(({ start, end }) => grow(from + start, from + end));
  const job = (index: number, path: string, span: RecordSpan): ParseJob => ({
    source: index,
    name: baseName(file.path),
    path,
    format,
    reader: reader.id,
    span,
  });
  const identity = await identityOf(file.source, true);
  return { file, identity, from, unmapped, jobs: (index, path) => spans.map((span) => job(index, path, span)) };
}

/** What was read stays; that it cannot be read back is for the node that is looked at, and for an export, to say. */
function broken({ index, readTo, lookedTo }: Followed, input: OpenedInput, code: string, found: string, ended: string): Step {
  const fault = { code, expected: 'a file that only grows', found };
  const { file, identity, unmapped } = input;
  return { slot: { before: index, more: { file, identity, from: readTo, unmapped, jobs: () => [], fault } }, readTo, lookedTo, ended };
}
