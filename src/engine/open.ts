/** Opens files into forest builders: unpack, plan, parse on the pool, merge; every record ends as a rollout or an issue. */
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { makeTokeniseCounts, TOKENISE_COUNTS } from '../core/tokens/tokenisation.ts';
import { actionTrajectories } from '../core/tree/actions.ts';
import { makeForestBuilder } from '../core/tree/build.ts';
import type { OpenProgress, OpenSettings } from './answers/opening.ts';
import { bindFiles } from './bindings/bind-files.ts';
import { holdsFiles, lookBeside, NOTHING_BESIDE } from './beside.ts';
import { baseName, inputNames, memberNames } from './input-names.ts';
import { inInputOrder } from './input-order.ts';
import { heldBytes, noRoom, rowBytes } from './forest-room.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './opened-input.ts';
import { planIntake, type Intake } from './intake.ts';
import { makeIssueLog } from './issue-log.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';
import type { Part, Unpack } from './parts.ts';
import type { ParsePool } from './pool.ts';
import { readable, Unreadable } from './readable.ts';
import { PARTED_JOBS, partJobs } from './job-parts.ts';
import { makeLanes } from './lanes.ts';
import { readableParts, UNREADABLE } from './readable-parts.ts';
import { addFileIssue, makeReading, reachOf, tellChanges, tellConflicts, type Reading } from './read-progress.ts';
import { writtenFault } from './written.ts';
import type { InputFile } from './input-file.ts';
import type { OpenedInput } from './opened-input.ts';
import type { Opening } from './opening-inputs.ts';

/** An input with its place among the session's, and the jobs that read it where they are known already. */
export interface PlacedInput {
  readonly input: OpenedInput;
  readonly index: number;
  readonly jobs?: readonly ParseJob[];
}

/** @param open bytes of `room` that what is open already takes */
export function makeOpening(maxNodeTokens: number | null, room = Infinity, open = 0): Opening {
  const inputs: OpenedInput[] = [];
  return {
    tokens: makeForestBuilder(maxNodeTokens === null ? {} : { maxNodeTokens }),
    actions: makeForestBuilder(),
    inputs,
    issues: makeIssueLog(inputs),
    unmapped: [],
    counts: makeTokeniseCounts(),
    beside: NOTHING_BESIDE,
    intact: true,
    room,
    open,
    rows: 0,
    isFull: false,
    isSettled: false,
    restored: null,
  };
}

/** An input that nothing is known of yet. */
export function makeInput(path: string, fileName: string, part: Part, identity: Identity | null): OpenedInput {
  return {
    path,
    fileName,
    bytes: (part.member === null ? part.from : part.file).source.byteLength,
    dropped: part.from.source,
    identity,
    unread: null,
    part,
    file: part.file,
    reader: null,
    format: null,
    context: {},
    records: 0,
    rollouts: 0,
    recordIssues: 0,
    notes: 0,
    ranges: [],
    issues: [],
    issueCounts: new Map(),
    fileIssues: 0,
    unmapped: null,
    restored: null,
    counts: makeTokeniseCounts(),
  };
}

/** Lets go of what only further reading needs, about as much memory as a forest frozen from it. */
export function closeOpening(opening: Opening): void {
  opening.tokens = makeForestBuilder();
  opening.actions = makeForestBuilder();
}

/** As `openBound`, of files of which some may be records only together. */
export async function openFiles(
  opening: Opening,
  given: readonly InputFile[],
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  return openBound(opening, await bindFiles(given, unpack, signal), settings, pool, unpack, signal, onProgress);
}

type OnProgress = (progress: Omit<OpenProgress, 'partial'>) => void;

/**
 * Reads files, given in any order, into `opening` on a configured pool, which is valid at any time. `onProgress` is told after
 * every reply. Throws AbortError as soon as the signal is aborted; what was read so far stays, and the pool stops at its next reply.
 */
export async function openBound(
  opening: Opening,
  given: readonly InputFile[],
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  const reading = makeReading(opening, onProgress);
  const { totals } = reading;
  const files = await inInputOrder(given, (file) => file);
  totals.total = files.reduce((sum, { source }) => sum + source.byteLength, 0);
  const names = inputNames(files.map(({ path }) => path));
  const nameOf = memberNames(names);
  // By place, not by file: one that is given twice is two.
  const ahead = new Map<number, readonly Part[]>();
  if (settings.joins !== false) {
    const looks: { path: string; source: ByteSource }[] = [];
    for (const [f, file] of files.entries()) {
      const name = names[f] ?? file.path;
      if (await holdsFiles(file)) {
        const parts: Part[] = [];
        for await (const part of readableParts({ ...file, source: readable(file.source) }, unpack, reading.report, signal))
          parts.push(part);
        ahead.set(f, parts);
        for (const part of parts) looks.push({ path: part.member === null ? name : `${name}/${part.member}`, source: part.file.source });
      } else looks.push({ path: name, source: file.source });
    }
    opening.beside = await lookBeside(looks, isJudged(settings), signal);
  }
  async function* place(): AsyncGenerator<PlacedInput> {
    let index = 0;
    for (const [f, file] of files.entries()) {
      const name = names[f] ?? file.path;
      let expected = file.source.byteLength;
      const own = { ...file, source: readable(file.source) };
      const identity = await identityOf(own.source, file.growing !== undefined);
      for await (const part of ahead.get(f) ?? readableParts(own, unpack, reading.report, signal)) {
        totals.total += part.file.source.byteLength + part.left - expected;
        expected = part.left;
        yield { input: makeInput(nameOf(name, part.member), name, part, identity), index: index++ };
      }
      totals.total -= expected;
    }
  }
  await readInputs(opening, place(), settings, pool, reading, signal);
}

/** Whether a person gives rewards of their own. */
export function isJudged({ rewards = [], statusRewards = [] }: OpenSettings): boolean {
  return rewards.length + statusRewards.length > 0;
}

/**
 * Reads inputs, each in its turn, to their places among `opening.inputs`, and says which files changed meanwhile. Otherwise like
 * `openFiles`.
 */
export async function readInputs(
  opening: Opening,
  inputs: Iterable<PlacedInput> | AsyncIterable<PlacedInput>,
  settings: OpenSettings,
  pool: ParsePool,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { totals } = reading;
  const read: OpenedInput[] = [];
  const lanes = makeLanes(pool.size);
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  aborted.catch(() => undefined);
  for await (const { input, index, jobs: known } of inputs) {
    opening.inputs[index] = input;
    // What changed of a file that is followed is said already where nothing more of it is read.
    if (known?.length !== 0) read.push(input);
    const jobs = known ?? (await planInput(opening, input, index, settings, reading));
    for (let at = 0; at < jobs.length;) {
      const room = opening.room - (opening.room < Infinity ? heldBytes(opening) : 0);
      if (room < 0) {
        leaveRest(opening, input, jobs.slice(at), reading);
        break;
      }
      const parted = jobs.slice(at, at + PARTED_JOBS);
      // Where room is short, what is read is the beginning.
      const count = room > ROOM_PER_BYTE * bytesOf(parted) ? parted.length : 1;
      const nextOf = partJobs(count, pool.size);
      const ranges = parted.slice(0, count).map(({ span }) => ({ start: span.start, lines: 0, isUnread: true }));
      for (const range of ranges) input.ranges.push(range);
      for (let i = 0; i < count; i++) {
        signal.throwIfAborted();
        const taken = lanes.run(async (lane) => {
          const which = nextOf(lane);
          const job = parted[which];
          const range = ranges[which];
          if (job === undefined || range === undefined) throw new Error(`there is no job ${which} of ${count}`);
          await pool.parse(
            job,
            input.file.handle,
            (reply) => {
              signal.throwIfAborted();
              takeReply(opening, input, range, reply);
              totals.bytes += reply.bytes;
              totals.records += reply.records;
              reading.report();
            },
            signal,
          );
          range.isUnread = false;
        });
        await Promise.race([taken, aborted]);
      }
      at += count;
    }
  }
  await Promise.race([lanes.finish(), aborted]);
  tellConflicts(opening, read, reading);
  await Promise.race([tellChanges(opening, read, reading), aborted]);
}

/** Bytes of room for each byte that is read ahead of the beginning. */
const ROOM_PER_BYTE = 4;

function bytesOf(jobs: readonly ParseJob[]): number {
  return jobs.reduce((sum, { span }) => sum + (span.bytes ?? span.end - span.start), 0);
}

/** Says of an input that some of it is not read, as there is no room for it. */
function leaveRest(opening: Opening, input: OpenedInput, rest: readonly ParseJob[], reading: Reading): void {
  opening.isFull = true;
  const unread = bytesOf(rest);
  const start = rest[0]?.span.start ?? 0;
  const isRows = rest[0]?.span.bytes !== undefined;
  const rows = { unit: 'row' as const, start, size: (rest.at(-1)?.span.end ?? start) - start, member: 0 };
  const address = isRows ? rows : bytesAt(start, unread);
  addFileIssue(opening, input, noRoom(input.path, unread, address, reachOf(opening, reading.totals)), reading);
  reading.totals.bytes += unread;
  reading.totals.left += unread;
  reading.report();
}

async function planInput(
  opening: Opening,
  input: OpenedInput,
  index: number,
  settings: OpenSettings,
  reading: Reading,
): Promise<readonly ParseJob[]> {
  const { file, sniffed, damage, notes } = input.part;
  const addIssue = (issue: Issue): void => addFileIssue(opening, input, issue, reading);
  const pass = (): readonly ParseJob[] => {
    reading.totals.bytes += file.source.byteLength;
    reading.totals.passed += file.source.byteLength;
    reading.report();
    return [];
  };
  const refuse = (issue: Issue): readonly ParseJob[] => {
    addIssue(issue);
    return pass();
  };
  // Why it could not be read is told once all is read: its file may have changed.
  const unread = (why: string): readonly ParseJob[] => {
    input.unread ??= why;
    return pass();
  };
  for (const note of notes) addIssue({ severity: 'note', file: input.path, ...note });
  if (damage !== null) addIssue({ severity: 'record', file: input.path, ...damage });
  if (sniffed.kind === 'unreadable' && sniffed.fault.code === UNREADABLE) return unread(sniffed.fault.found);
  if (sniffed.kind === 'unreadable') return refuse({ severity: 'record', file: input.path, ...sniffed.fault });
  const readers = sniffed.kind === 'records' ? sniffed.readers : [];
  let intake: Intake;
  try {
    intake = await planIntake(file.source, index, input.path, baseName(file.path), readers, settings.mapping);
  } catch (error) {
    if (error instanceof Unreadable) return unread(error.message);
    throw error;
  }
  if (!intake.ok) return refuse(intake.issue);
  const fault = await writtenFault(input.part.from, intake.format);
  if (fault !== null) return refuse({ severity: 'record', file: input.path, ...fault });
  input.reader = intake.reader;
  input.format = intake.format && { id: intake.format.id, label: intake.format.label, hasMessages: intake.format.hasMessages !== false };
  input.restored = intake.restored;
  opening.restored ??= intake.restored;
  const document = intake.jobs[0]?.document;
  if (document !== undefined) input.context = { document };
  input.unmapped = intake.unmapped;
  if (intake.unmapped) opening.unmapped.push(intake.unmapped);
  if (intake.torn) addIssue(intake.torn);
  return intake.jobs;
}

function takeReply(opening: Opening, input: OpenedInput, range: { lines: number }, reply: ParseReply): void {
  if (reply.batch) {
    try {
      const batch = opening.beside.join(reply.batch, input.path);
      opening.tokens.add(batch);
      opening.actions.add(actionTrajectories(batch));
    } catch (error) {
      opening.intact = false;
      if (!(error instanceof RangeError)) throw error;
      throw new Error(
        `no room for more than ${opening.tokens.rollouts.length.toLocaleString('en')} rollouts ` +
          `with ${opening.tokens.pool.length.toLocaleString('en')} distinct tokens: ${error.message}`,
        { cause: error },
      );
    }
    input.rollouts += reply.batch.rollouts.length;
    if (opening.room < Infinity) opening.rows += rowBytes(reply.batch.rollouts);
  }
  if (reply.unread !== undefined) input.unread ??= reply.unread;
  range.lines += reply.lines;
  input.records += reply.records;
  opening.issues.take(input, reply.issues, reply.moreIssues);
  for (const key of TOKENISE_COUNTS) {
    opening.counts[key] += reply.counts[key];
    input.counts[key] += reply.counts[key];
  }
}
