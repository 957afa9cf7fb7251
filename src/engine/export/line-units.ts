/** The lines of the inputs whose rollouts a cut keeps whole, each with the very bytes that it has there. */
import type { RecordAddress } from '../../core/model/address.ts';
import type { RolloutRow } from '../../core/model/batch.ts';
import { wholeRollouts } from '../../core/tree/whole-rollouts.ts';
import type { Dataset } from '../dataset.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { PlannedExport } from './planned.ts';

/** Lines of one input that stay, each ended by a line feed. */
export interface LinesUnit {
  readonly kind: 'lines';
  readonly records: number;
  /** Valid until the next unit is asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Of records of the log, all of which have a rollout: those that stay, and those that go. */
export interface LineCounts {
  readonly kept: number;
  /** None of their rollouts is kept whole. */
  readonly gone: number;
  /** Some of their rollouts are, some are not: no part of a line is written. */
  readonly parted: number;
}

/** Bytes that are read at once, and bytes between two lines that are read with them. */
const WINDOW = 1 << 20;
const GAP = 1 << 16;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;

/** Each record of the inputs that has a rollout, in the order of the inputs. */
interface Records {
  /** record -> its place */
  readonly places: readonly Pick<RolloutRow, 'source' | 'address'>[];
  /** rollout -> record */
  readonly ofRollout: Int32Array;
  /** Records that later ones go on with: each shares the fate of that rollout. */
  readonly parts: readonly { readonly record: number; readonly rollout: number }[];
}

const records = new WeakMap<Dataset, Records>();

function recordsOf(dataset: Dataset): Records {
  const found = records.get(dataset) ?? findRecords(dataset);
  records.set(dataset, found);
  return found;
}

function findRecords({ tokens: { rollouts }, parts = [] }: Dataset): Records {
  const rows = parts.length === 0 ? rollouts : [...rollouts, ...parts.map(({ row }) => row)];
  const sources = Int32Array.from(rows, ({ source }) => source);
  const starts = Float64Array.from(rows, ({ address }) => address.start);
  const compare = (a: number, b: number): number => sources[a]! - sources[b]! || starts[a]! - starts[b]!;
  // Rollouts mostly are in order already.
  const order = Int32Array.from(rows.keys()).sort(compare);
  const places: Records['places'][number][] = [];
  const recordOf = new Int32Array(rows.length);
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || compare(order[i - 1]!, order[i]!) !== 0) places.push(rows[order[i]!]!);
    recordOf[order[i]!] = places.length - 1;
  }
  const keyOf = (source: number, { start, member }: RecordAddress): string => `${source}:${start}:${member}`;
  const rolloutAt = new Map(parts.length === 0 ? [] : rollouts.map(({ source, address }, r) => [keyOf(source, address), r] as const));
  return {
    places,
    ofRollout: recordOf.subarray(0, rollouts.length),
    parts: parts.map(({ into }, p) => ({
      record: recordOf[rollouts.length + p]!,
      rollout: rolloutAt.get(keyOf(into.source, into.address)) ?? -1,
    })),
  };
}

const STAYS = 1;
const GOES = 2;

const fates = new WeakMap<PlannedExport, Uint8Array>();

/** record -> STAYS, GOES, or both: the fates of its rollouts */
function fatesOf(planned: PlannedExport): Uint8Array {
  const found = fates.get(planned) ?? findFates(planned);
  fates.set(planned, found);
  return found;
}

function findFates({ ruling, kept }: PlannedExport): Uint8Array {
  const { places, ofRollout, parts } = recordsOf(ruling.dataset);
  const whole = wholeRollouts(ruling.problem.forest, ofRollout.length, kept);
  const written = ruling.acted.resolved?.written ?? null;
  const fateOf = (rollout: number): number => (whole[rollout] === 1 && written?.[rollout] !== 0 ? STAYS : GOES);
  const all = new Uint8Array(places.length);
  for (let r = 0; r < ofRollout.length; r++) all[ofRollout[r]!]! |= fateOf(r);
  for (const { record, rollout } of parts) all[record]! |= fateOf(rollout);
  return all;
}

export function lineCounts(planned: PlannedExport): LineCounts {
  const counts = { kept: 0, gone: 0, parted: 0 };
  for (const fate of fatesOf(planned)) counts[fate === STAYS ? 'kept' : fate === GOES ? 'gone' : 'parted']++;
  return counts;
}

/** The lines that stay, in the order of the inputs. @param limit of lines. Throws where a file ends before one */
export async function* keptLines(planned: PlannedExport, limit = Infinity): AsyncGenerator<LinesUnit> {
  const { inputs } = planned.ruling.dataset.opening;
  const own = fatesOf(planned);
  const staying = recordsOf(planned.ruling.dataset).places.filter((_, i) => own[i] === STAYS);
  const count = Math.min(staying.length, limit);
  const rooms = { read: new Uint8Array(WINDOW), lines: new Uint8Array(WINDOW + 1) };
  for (let from = 0, to = 0; from < count; from = to) {
    const { source, address } = staying[from]!;
    let end = address.start + address.size;
    for (to++; to < count; to++) {
      const { source: nextSource, address: next } = staying[to]!;
      if (nextSource !== source || next.start - end > GAP || next.start + next.size - address.start > WINDOW) break;
      end = next.start + next.size;
    }
    const input = inputs[source];
    if (!input) throw new Error(`no input ${source}`);
    yield { kind: 'lines', records: to - from, bytes: await linesAt(input, staying.slice(from, to), address.start, end, rooms) };
  }
}

/** @param rooms what is read and written into, where that is long enough: what a source gives may be its own */
async function linesAt(
  { file, fileName, reader }: OpenedInput,
  places: Records['places'],
  from: number,
  end: number,
  rooms: { readonly read: Uint8Array<ArrayBuffer>; readonly lines: Uint8Array<ArrayBuffer> },
) {
  const read = await file.source.read(from, end, rooms.read);
  if (read.length < end - from) throw new Error(`${fileName} ends before byte ${end}; the file has changed`);
  // Between two lines there is a byte at least.
  const lines = rooms.lines.length > end - from ? rooms.lines : new Uint8Array(end - from + 1);
  let at = 0;
  for (const { address } of places) {
    const record = read.subarray(address.start - from, address.start - from + address.size);
    lines.set(record, at);
    if (reader !== LINES) inOneLine(lines.subarray(at, at + address.size));
    at += address.size;
    lines[at++] = NEWLINE;
  }
  return lines.subarray(0, at);
}

/** Records of a document may be laid out over lines: between their words, where alone a line may end in JSON, a blank is as good. */
function inOneLine(record: Uint8Array): void {
  for (let i = 0; i < record.length; i++) if (record[i] === NEWLINE || record[i] === RETURN) record[i] = BLANK;
}

/** Ids of the readers whose records are JSON at known bytes. */
const LINES = 'lines';
const DOCUMENT = 'document';

/** What is around the records of a document could not be read. */
function isAroundUnread({ issues, issueCounts, fileIssues }: OpenedInput): boolean {
  return issueCounts.has('record surroundings') || issues.slice(0, fileIssues).some(({ code }) => code === 'too-deep');
}

/** Why what was opened cannot be written as lines, in one sentence without a full stop, or null. */
export function whyNoLines({ opening }: Dataset): string | null {
  const inputs = opening.inputs.filter(({ format, rollouts }) => format !== null && rollouts > 0);
  for (const input of inputs) {
    const { path, reader, context, format } = input;
    if (reader !== LINES && reader !== DOCUMENT) return `${path} (${format?.label ?? ''}) is no file of lines with a record in each`;
    if (context.document !== undefined) return `${path} says something of all its records that a line of one would lose`;
    if (isAroundUnread(input)) return `${path} has something around its records that could not be read, and that a line of one would lose`;
  }
  const [first, ...others] = inputs;
  const other = others.find(({ format }) => format?.id !== first?.format?.id);
  if (!first || !other) return null;
  const named = ({ path, format }: OpenedInput): string => `${path} (${format?.label ?? ''})`;
  return `${named(first)} is of another format than ${named(other)}, and a file has one`;
}
