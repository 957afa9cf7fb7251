/** Opens files into forest builders: unpack, plan, parse on the pool, merge; every record ends as a rollout or an issue. */
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { makeSpellCounts, SPELL_COUNTS, type SpellCounts } from '../core/tokens/speller.ts';
import { actionTrajectories } from '../core/tree/actions.ts';
import { makeForestBuilder, type ForestBuilder } from '../core/tree/build.ts';
import type { OpenProgress, OpenSettings, UnmappedFile } from './answers/opening.ts';
import { baseName, inputNames } from './input-names.ts';
import { planIntake } from './intake.ts';
import type { Container } from './containers/container.ts';
import type { ParseJob, ParseReply } from './parse.ts';
import type { InputHandle, ParsePool } from './pool.ts';
import type { Restored } from './read-rule.ts';
import { makeMeter } from './progress.ts';
import { sniff } from './sniff.ts';

/** A file to open. `source` reads it here; `handle` lets another thread read it. */
export interface InputFile {
  readonly path: string;
  readonly source: ByteSource;
  readonly handle: InputHandle;
}

/** What of a compressed file could be unpacked. `fault`: why it is not all, or null. */
export interface Unpacked {
  readonly file: InputFile;
  readonly fault: string | null;
}

/** Unpacks a compressed file to somewhere it can be read at any offset. Rejects where bytes cannot be read or written. */
export type Unpack = (file: InputFile, container: Container, onBytes: (read: number) => void, signal: AbortSignal) => Promise<Unpacked>;

/** What is known of one input while and after it is read. */
export interface OpenedInput {
  /** The path of its file, and a number behind it where another input has the same. */
  readonly path: string;
  /** As dropped: compressed where it is. */
  readonly bytes: number;
  /** As dropped, for its hash. */
  readonly dropped: ByteSource;
  /** As it was handed over: to be read anew. */
  readonly from: InputFile;
  /** Where its records are read back from. */
  file: InputFile;
  /** Id of the record reader that reads them. */
  reader: string | null;
  format: { readonly id: string; readonly label: string; readonly hasMessages: boolean } | null;
  /** The document around the records, where there is one: decoding a record again needs it. */
  context: { readonly document?: unknown };
  records: number;
  rollouts: number;
  recordIssues: number;
  notes: number;
  /** Lines of each range, by its first byte: line numbers in later ranges count from there. */
  readonly ranges: { readonly start: number; lines: number }[];
  /** Its own, those of the file itself first. Lines count from their range until the input is settled (`settle.ts`). */
  issues: Issue[];
  /** How many of them are of the file itself. */
  fileIssues: number;
  unmapped: UnmappedFile | null;
  restored: Restored | null;
  readonly counts: SpellCounts;
}

/** An input with its place among the session's, and the jobs that read it where they are known already. */
export interface PlacedInput {
  readonly input: OpenedInput;
  readonly index: number;
  readonly jobs?: readonly ParseJob[];
}

export interface Opening {
  tokens: ForestBuilder;
  actions: ForestBuilder;
  readonly inputs: OpenedInput[];
  readonly issues: Issue[];
  readonly unmapped: UnmappedFile[];
  readonly counts: SpellCounts;
  /** False once a batch could not be added whole: then the builders must not be frozen. */
  intact: boolean;
  /** Whether issues are in the order of the inputs, with lines counted from the file's start. */
  readonly isSettled: boolean;
  /** What a forest export was pruned with; null: no such input. */
  restored: Restored | null;
}

export function makeOpening(maxNodeTokens: number | null): Opening {
  return {
    tokens: makeForestBuilder(maxNodeTokens === null ? {} : { maxNodeTokens }),
    actions: makeForestBuilder(),
    inputs: [],
    issues: [],
    unmapped: [],
    counts: makeSpellCounts(),
    intact: true,
    isSettled: false,
    restored: null,
  };
}

/** An input that nothing is known of yet. */
export function makeInput(path: string, file: InputFile): OpenedInput {
  return {
    path,
    bytes: file.source.byteLength,
    dropped: file.source,
    from: file,
    file,
    reader: null,
    format: null,
    context: {},
    records: 0,
    rollouts: 0,
    recordIssues: 0,
    notes: 0,
    ranges: [],
    issues: [],
    fileIssues: 0,
    unmapped: null,
    restored: null,
    counts: makeSpellCounts(),
  };
}

/** Lets go of what only further reading needs, about as much memory as a forest frozen from it. */
export function closeOpening(opening: Opening): void {
  opening.tokens = makeForestBuilder();
  opening.actions = makeForestBuilder();
}

/**
 * Reads `files` into `opening` on a configured pool, which is valid at any time. `onProgress` is told after every reply. Throws AbortError
 * as soon as the signal is aborted; what was read so far stays, and the pool stops at its next reply.
 */
export async function openFiles(
  opening: Opening,
  files: readonly InputFile[],
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: (progress: Omit<OpenProgress, 'partial'>) => void,
): Promise<void> {
  const names = inputNames(files.map(({ path }) => path));
  const inputs = files.map((file, index): PlacedInput => ({ input: makeInput(names[index] ?? file.path, file), index }));
  await readInputs(opening, inputs, settings, pool, unpack, signal, onProgress);
}

/** Reads inputs, each in its turn, to their places among `opening.inputs`. Otherwise like `openFiles`. */
export async function readInputs(
  opening: Opening,
  inputs: readonly PlacedInput[],
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: (progress: Omit<OpenProgress, 'partial'>) => void,
): Promise<void> {
  const meter = makeMeter();
  const total = inputs.reduce(
    (sum, { input, jobs }) => sum + (jobs?.reduce((bytes, job) => bytes + job.span.end - job.span.start, 0) ?? input.bytes),
    0,
  );
  const totals = { bytes: 0, total, records: 0 };
  const report = (): void => {
    onProgress({
      phase: 'reading',
      bytes: totals.bytes,
      totalBytes: totals.total,
      records: totals.records,
      rollouts: opening.tokens.rollouts.length,
      issues: opening.issues.length,
      ...meter.measure(totals.bytes, totals.total),
    });
  };
  const lanes = makeLanes(pool.size);
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  aborted.catch(() => undefined);
  for (const { input, index, jobs: known } of inputs) {
    opening.inputs[index] = input;
    const jobs = known ?? (await planInput(opening, input, index, input.from, settings, unpack, signal, totals, report));
    for (const job of jobs) {
      const range = { start: job.span.start, lines: 0 };
      input.ranges.push(range);
      signal.throwIfAborted();
      const taken = lanes.run(() =>
        pool.parse(job, input.file.handle, (reply) => {
          signal.throwIfAborted();
          takeReply(opening, input, range, reply);
          totals.bytes += reply.bytes;
          totals.records += reply.records;
          report();
        }),
      );
      await Promise.race([taken, aborted]);
    }
  }
  await Promise.race([lanes.finish(), aborted]);
}

async function planInput(
  opening: Opening,
  input: OpenedInput,
  index: number,
  file: InputFile,
  settings: OpenSettings,
  unpack: Unpack,
  signal: AbortSignal,
  totals: { bytes: number; total: number; records: number },
  report: () => void,
): Promise<readonly ParseJob[]> {
  /** Of the file itself, counted as a record beside those that are read. */
  const addIssue = (issue: Issue): void => {
    takeIssues(opening, input, [issue]);
    input.fileIssues++;
    input.records++;
    totals.records++;
  };
  const refuse = (issue: Issue): readonly ParseJob[] => {
    addIssue(issue);
    totals.bytes += file.source.byteLength;
    report();
    return [];
  };
  let sniffed = await sniff(file.source);
  if (sniffed.kind === 'container') {
    const { container } = sniffed;
    const damaged = (found: string, byteOffset: number): Issue => ({
      severity: 'record',
      file: input.path,
      line: 0,
      address: bytesAt(byteOffset),
      code: 'damaged-archive',
      expected: `a complete ${container.id} stream`,
      found,
    });
    let fault: string | null;
    try {
      ({ file: input.file, fault } = await unpack(file, container, report, signal));
    } catch (error) {
      signal.throwIfAborted();
      return refuse(damaged(error instanceof Error ? error.message : String(error), 0));
    }
    const { byteLength } = input.file.source;
    if (fault !== null && byteLength === 0) return refuse(damaged(fault, 0));
    totals.total += byteLength - file.source.byteLength;
    // A container inside a container is not unpacked.
    sniffed = await sniff(input.file.source, []);
    if (fault !== null) addIssue(damaged(`${fault}; ${byteLength.toLocaleString('en')} bytes were unpacked before`, byteLength));
  }
  if (sniffed.kind === 'unreadable') return refuse({ severity: 'record', file: input.path, ...sniffed.fault });
  const readers = sniffed.kind === 'records' ? sniffed.readers : [];
  const intake = await planIntake(input.file.source, index, input.path, baseName(file.path), readers, settings.mapping);
  if (!intake.ok) return refuse(intake.issue);
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
      opening.tokens.add(reply.batch);
      opening.actions.add(actionTrajectories(reply.batch));
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
  }
  range.lines += reply.lines;
  input.records += reply.records;
  takeIssues(opening, input, reply.issues);
  for (const key of SPELL_COUNTS) {
    opening.counts[key] += reply.counts[key];
    input.counts[key] += reply.counts[key];
  }
}

function takeIssues(opening: Opening, input: OpenedInput, issues: readonly Issue[]): void {
  for (const issue of issues) {
    opening.issues.push(issue);
    input.issues.push(issue);
    if (issue.severity === 'record') input.recordIssues++;
    else input.notes++;
  }
}

/** Runs at most `width` tasks at once; `run` waits for a free lane, the first failure rejects the next call. */
function makeLanes(width: number): { run(task: () => Promise<void>): Promise<void>; finish(): Promise<void> } {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  const check = (): void => {
    if (failure) throw failure.error;
  };
  return {
    async run(task) {
      while (running.size >= width) await Promise.race(running);
      check();
      const promise = task()
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    async finish() {
      await Promise.all(running);
      check();
    },
  };
}
