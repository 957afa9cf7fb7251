/**
 * From the inputs that are open to other inputs: what is new is read, what went is taken out, the rest stays as it is.
 *
 * Inputs are numbered by their place in the one order of inputs (`input-order.ts`), as if they had been opened at once. Nothing of
 * the forest before is written to; whoever stops half-way has it as it was.
 */
import { bytesAt } from '../../core/model/address.ts';
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import { actionTrajectories } from '../../core/tree/actions.ts';
import { makeGrowingForest, type GrowingForest } from '../../core/tree/growing.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { OpenProgress, OpenSettings } from '../answers/opening.ts';
import { absoluteLine, type Dataset } from '../dataset.ts';
import { joinedAnew, lookBeside } from '../beside.ts';
import { openBytes, rowBytes } from '../forest-room.ts';
import { identityOf } from '../identity.ts';
import type { Identity } from '../opened-input.ts';
import { inputNames, memberNames } from '../input-names.ts';
import { inInputOrder } from '../input-order.ts';
import { countIssue } from '../issue-log.ts';
import { nameNumberedHand } from '../numbered-hand.ts';
import { isJudged, makeInput, makeOpening, readInputs, type PlacedInput } from '../open.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { InputFile } from '../input-file.ts';
import type { ParseJob } from '../parse-job.ts';
import type { Part, Unpack } from '../parts.ts';
import type { ParsePool } from '../pool.ts';
import { makeReading } from '../read-progress.ts';
import { readableParts } from '../readable-parts.ts';
import { readable } from '../readable.ts';
import { settledOpening, settleInput } from '../settle.ts';
import { mergePartsOrSay } from './merge-parts.ts';
import { rereadRollouts } from './reread.ts';

/**
 * An input to come: one that is open (`before`: its number) and stays, or goes on with `more`; or a file that is
 * read from its beginning, perhaps instead of an input that is open.
 */
export type Slot =
  { readonly before: number; readonly more?: More } | { readonly file: InputFile; readonly instead?: number; readonly grows?: boolean };

/** What has come to an input since: the file as it is now, and the jobs that read what is new. */
export interface More {
  readonly file: InputFile;
  /** What that is up to where it is read. */
  readonly identity: Identity | null;
  /** First byte that is new. */
  readonly from: number;
  readonly unmapped: OpenedInput['unmapped'];
  readonly jobs: (index: number, path: string) => readonly ParseJob[];
  /** Says what it is of the file itself, counted as a record. */
  readonly fault?: Pick<OpenedInput['issues'][number], 'code' | 'expected' | 'found'>;
}

export interface Regrown {
  readonly dataset: Dataset;
  /** Where tokens went. */
  readonly spans: Spliced['spans'];
  /** slot -> number of its first input */
  readonly firstOf: readonly number[];
  /** Some of what was new was left, as there is no room for it. */
  readonly isFull: boolean;
}

/** A slot, or one of those that a file gives. */
type Place = Extract<Slot, { readonly before: number }> | { readonly part: Part; readonly identity: Identity | null };

/**
 * Rejects with AbortError as soon as the signal is aborted, and where something that is open has to be read again and does not fit.
 * @param room bytes that forests may take; what there is no room for is left, as in opening
 */
export async function regrow(
  base: Dataset,
  slots: readonly Slot[],
  version: number,
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: (progress: Omit<OpenProgress, 'partial'>) => void,
  room = Infinity,
): Promise<Regrown> {
  const before = base.opening.inputs;
  const taken = room < Infinity ? openBytes([base.tokens, base.actions], rowBytes(base.tokens.rollouts)) : 0;
  const opening = makeOpening(settings.maxNodeTokens, room, taken);
  const reading = makeReading(opening, onProgress);
  const { totals } = reading;
  // Inputs that stay are numbered behind those that are read, so all that come are known before any is read.
  const places: Place[] = [];
  const firstOf: number[] = [];
  for (const [given, slot] of await inInputOrder([...slots.entries()], ([, each]) => fileOf(each, before))) {
    firstOf[given] = places.length;
    if (!('file' in slot)) places.push(slot);
    else {
      const file = { ...slot.file, source: readable(slot.file.source) };
      const identity = await identityOf(file.source, slot.grows);
      for await (const part of readableParts(file, unpack, reading.report, signal)) places.push({ part, identity });
    }
  }
  const parts = places.map((place) => partOf(place, before));
  const names = namesOf(parts);
  if (settings.joins !== false) {
    const looks = parts.map((part, index) => ({ path: names[index]?.path ?? part.file.path, source: part.file.source }));
    opening.beside = await lookBeside(looks, isJudged(settings), signal);
  }
  const isJoinedAnew = joinedAnew(base.opening.beside, opening.beside);
  /** number before -> number now, -1 where it is gone or is read anew */
  const numberOf = new Int32Array(before.length).fill(-1);
  const inputs: OpenedInput[] = [];
  const read: PlacedInput[] = [];
  /** Inputs that are open and have to be read again. */
  const again: OpenedInput[] = [];
  /** input -> its first byte that was not settled before */
  const unsettled = new Map<number, number>();
  for (const [index, place] of places.entries()) {
    const { path, fileName } = names[index]!;
    const known = 'before' in place ? before[place.before] : undefined;
    // Ids and tasks may be of the input's name: with another name it is another input.
    if (!('before' in place) || known?.path !== path || known.fileName !== fileName || isJoinedAnew(path)) {
      inputs.push(makeInput(path, fileName, parts[index]!, identityAt(place, before)));
      read.push({ input: inputs[index]!, index });
      if ('before' in place) again.push(inputs[index]!);
      unsettled.set(index, 0);
      totals.total += inputs[index]!.file.source.byteLength;
      continue;
    }
    numberOf[place.before] = index;
    opening.beside.keep(path, base.opening.beside);
    inputs.push(place.more ? goneOn(known, place.more) : known);
    if (!place.more) continue;
    const jobs = place.more.jobs(index, path);
    for (const { span } of jobs) totals.total += span.end - span.start;
    read.push({ input: inputs[index]!, index, jobs });
    unsettled.set(index, place.more.from);
  }
  const rowOf = (row: RolloutRow): RolloutRow => {
    const source = numberOf[row.source] ?? -1;
    return source === row.source ? row : { ...row, source };
  };
  const nameOf = (source: number): string => inputs[source]?.path ?? '';
  const tokens = makeGrowingForest(base.tokens, settings.maxNodeTokens, rowOf, nameOf);
  const actions = makeGrowingForest(base.actions, null, rowOf, nameOf);
  Object.assign(opening, { tokens: tokens.builder, actions: actions.builder, inputs: [...inputs] });
  const changed = await takeOut(base, numberOf, rowOf, [tokens, actions], (rows, take) => rereadRollouts(rows, inputs, pool, signal, take));
  await readInputs(opening, read, settings, pool, reading, signal);
  if (again.some(isCut))
    throw new Error('what is open would have to be read again, and there is no room for all of it; it stays as it was');
  const spliced = tokens.freeze();
  // Not where opening was stopped.
  const isWhole = base.complete || base.opening.isFull;
  const isFull = inputs.some(isCut);
  const complete = isWhole && !isFull;
  nameNumberedHand(inputs, spliced.frozen.forest, complete);
  for (const [index, from] of unsettled) settleInput(inputs[index]!, ({ address }) => address.start >= from);
  const isNew = ({ source, address }: RolloutRow): boolean => address.start >= (unsettled.get(source) ?? Infinity);
  const rollouts = spliced.frozen.rollouts.map((row) =>
    isNew(row) ? { ...row, line: absoluteLine(inputs[row.source]!, row.address, row.line) } : row,
  );
  const merged = base.parts?.flatMap(({ row, into, tokens: own }) =>
    numberOf[row.source] === -1 || changed.has(row.task)
      ? []
      : [{ row: rowOf(row), into: { ...into, source: numberOf[into.source] ?? -1 }, tokens: own }],
  );
  const grown: Dataset = {
    version,
    complete,
    opening: settledOpening(inputs, true, opening.beside, isWhole && isFull),
    tokens: { ...spliced.frozen, rollouts },
    actions: { ...actions.freeze().frozen, rollouts },
    tokenizerName: base.tokenizerName,
    ...(merged && { parts: merged }),
  };
  const dataset = await mergePartsOrSay(grown, { pool, maxNodeTokens: settings.maxNodeTokens, signal }, isNew);
  const spans = dataset.tokens === grown.tokens ? spliced.spans : wholeSpan(dataset);
  return { dataset, spans, firstOf, isFull: opening.isFull };
}

/** Some of it was left, as there was no room for it. */
export function isCut({ issueCounts }: Pick<OpenedInput, 'issueCounts'>): boolean {
  return issueCounts.has('record no-room');
}

function fileOf(slot: Slot, before: readonly OpenedInput[]): InputFile {
  if ('file' in slot) return slot.file;
  const known = before[slot.before];
  if (!known) throw new Error(`no input ${slot.before}`);
  return slot.more ? slot.more.file : known.part.from;
}

function partOf(place: Place, before: readonly OpenedInput[]): Part {
  if ('part' in place) return place.part;
  const known = before[place.before];
  if (!known) throw new Error(`no input ${place.before}`);
  return place.more ? wholePart(known.part, place.more.file) : known.part;
}

function identityAt(place: Place, before: readonly OpenedInput[]): Identity | null {
  if ('part' in place) return place.identity;
  return place.more ? place.more.identity : (before[place.before]?.identity ?? null);
}

function wholePart(part: Part, file: InputFile): Part {
  return { ...part, from: file, file };
}

/** As if the files had been opened at once in this order. */
function namesOf(parts: readonly Part[]): { readonly path: string; readonly fileName: string }[] {
  const files = parts.map(({ from }) => from).filter((from, index) => from !== parts[index - 1]?.from);
  const fileNames = inputNames(files.map(({ path }) => path));
  const nameOf = memberNames(fileNames);
  let file = -1;
  return parts.map(({ from, member }, index) => {
    if (from !== parts[index - 1]?.from) file++;
    const fileName = fileNames[file] ?? from.path;
    return { path: nameOf(fileName, member), fileName };
  });
}

/** Begins the tasks anew that had rollouts of inputs that went, with the rollouts that stay. @returns their keys */
async function takeOut(
  base: Dataset,
  numberOf: Int32Array,
  rowOf: (row: RolloutRow) => RolloutRow,
  forests: readonly [GrowingForest, GrowingForest],
  reread: (rows: readonly RolloutRow[], take: (batch: TrajectoryBatch) => void) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const { rollouts } = base.tokens;
  const merged = (base.parts ?? []).map(({ row }) => row);
  const isGone = (row: RolloutRow): boolean => numberOf[row.source] === -1;
  const changed = new Set(rollouts.filter(isGone).map(({ task }) => task));
  for (const task of changed) for (const forest of forests) forest.rebuild(task);
  // What was merged into a rollout that went is a rollout again, unless another goes on with it.
  const rest = [...rollouts, ...merged].filter((row) => changed.has(row.task) && !isGone(row)).map(rowOf);
  await reread(rest, (batch) => {
    forests[0].builder.add(batch);
    forests[1].builder.add(actionTrajectories(batch));
  });
  return changed;
}

/** All tasks as changed ones, whose tokens are compared. */
function wholeSpan({ tokens: { tasks } }: Dataset): Spliced['spans'] {
  return [{ side: 1, fromTask: 0, toTask: tasks.length, task: 0, node: 0, token: 0, order: 0 }];
}

/** A copy that goes on; what is counted in the input before stays. */
function goneOn(input: OpenedInput, { file, identity, from, unmapped, fault }: More): OpenedInput {
  const copy: OpenedInput = {
    ...input,
    bytes: file.source.byteLength,
    dropped: file.source,
    identity,
    part: wholePart(input.part, file),
    file,
    unmapped,
    ranges: [...input.ranges],
    issues: [...input.issues],
    issueCounts: new Map(input.issueCounts),
    counts: { ...input.counts },
  };
  if (fault) {
    copy.issues.push({ severity: 'record', file: input.path, line: 0, address: bytesAt(from), ...fault });
    copy.records++;
    countIssue(copy, 'record', fault.code, 1);
  }
  return copy;
}
