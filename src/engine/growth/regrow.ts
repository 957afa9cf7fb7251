/**
 * From the inputs that are open to other inputs: what is new is read, what went is taken out, the rest stays as it is.
 *
 * Inputs are numbered by their place in the list, as if they had been opened at once in that order: a removal moves those
 * after it up by one, and what is added comes last. Nothing of the forest before is written to; whoever stops half-way has it
 * as it was.
 */
import { bytesAt } from '../../core/model/address.ts';
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import { actionTrajectories } from '../../core/tree/actions.ts';
import { makeGrowingForest, type GrowingForest } from '../../core/tree/growing.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { OpenProgress, OpenSettings } from '../answers/opening.ts';
import { absoluteLine, type Dataset } from '../dataset.ts';
import { inputNames } from '../input-names.ts';
import { nameNumberedHand } from '../numbered-hand.ts';
import { makeInput, makeOpening, readInputs, type InputFile, type OpenedInput, type PlacedInput, type Unpack } from '../open.ts';
import type { ParseJob } from '../parse.ts';
import type { ParsePool } from '../pool.ts';
import { settledOpening, settleInput } from '../settle.ts';
import { rereadRollouts } from './reread.ts';

/**
 * An input of the list to come: one that is open (`before`: its number) and stays, or goes on with `more`; or a file that is
 * read from its beginning, perhaps instead of an input that is open.
 */
export type Slot = { readonly before: number; readonly more?: More } | { readonly file: InputFile; readonly instead?: number };

/** What has come to an input since: the file as it is now, and the jobs that read what is new. */
export interface More {
  readonly file: InputFile;
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
  readonly spliced: Spliced;
}

/** Rejects with AbortError as soon as the signal is aborted. */
export async function regrow(
  base: Dataset,
  slots: readonly Slot[],
  version: number,
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  signal: AbortSignal,
  onProgress: (progress: Omit<OpenProgress, 'partial'>) => void,
): Promise<Regrown> {
  const before = base.opening.inputs;
  const names = inputNames(slots.map((slot) => ('file' in slot ? slot.file.path : (before[slot.before]?.from.path ?? ''))));
  /** number before -> number now, -1 where it is gone or is read anew */
  const numberOf = new Int32Array(before.length).fill(-1);
  const inputs: OpenedInput[] = [];
  const read: PlacedInput[] = [];
  /** input -> its first byte that was not settled before */
  const unsettled = new Map<number, number>();
  for (const [index, slot] of slots.entries()) {
    const name = names[index] ?? '';
    const known = 'before' in slot ? before[slot.before] : undefined;
    // Ids and tasks may be of the input's name: with another name it is another input.
    if (!('before' in slot) || known?.path !== name) {
      const file = 'file' in slot ? slot.file : (slot.more?.file ?? known?.from);
      if (!file) throw new Error(`no input ${index}`);
      inputs.push(makeInput(name, file));
      read.push({ input: inputs[index]!, index });
      unsettled.set(index, 0);
      continue;
    }
    numberOf[slot.before] = index;
    inputs.push(slot.more ? goneOn(known, slot.more) : known);
    if (!slot.more) continue;
    read.push({ input: inputs[index]!, index, jobs: slot.more.jobs(index, name) });
    unsettled.set(index, slot.more.from);
  }
  const rowOf = (row: RolloutRow): RolloutRow => {
    const source = numberOf[row.source] ?? -1;
    return source === row.source ? row : { ...row, source };
  };
  const opening = makeOpening(settings.maxNodeTokens);
  const tokens = makeGrowingForest(base.tokens, settings.maxNodeTokens, rowOf);
  const actions = makeGrowingForest(base.actions, null, rowOf);
  Object.assign(opening, { tokens: tokens.builder, actions: actions.builder, inputs: [...inputs] });
  await takeOut(base, numberOf, rowOf, [tokens, actions], (rows, take) => rereadRollouts(rows, inputs, pool, signal, take));
  await readInputs(opening, read, settings, pool, unpack, signal, onProgress);
  const spliced = tokens.freeze();
  nameNumberedHand(inputs, spliced.frozen.forest, base.complete);
  for (const [index, from] of unsettled) settleInput(inputs[index]!, ({ address }) => address.start >= from);
  const rollouts = spliced.frozen.rollouts.map((row) => {
    const from = unsettled.get(row.source);
    return from === undefined || row.address.start < from
      ? row
      : { ...row, line: absoluteLine(inputs[row.source]!, row.address, row.line) };
  });
  const dataset: Dataset = {
    version,
    complete: base.complete,
    opening: settledOpening(inputs, true),
    tokens: { ...spliced.frozen, rollouts },
    actions: { ...actions.freeze().frozen, rollouts },
    tokenizerName: base.tokenizerName,
  };
  return { dataset, spliced };
}

/** Begins the tasks anew that had rollouts of inputs that went, with the rollouts that stay. */
async function takeOut(
  base: Dataset,
  numberOf: Int32Array,
  rowOf: (row: RolloutRow) => RolloutRow,
  forests: readonly [GrowingForest, GrowingForest],
  reread: (rows: readonly RolloutRow[], take: (batch: TrajectoryBatch) => void) => Promise<void>,
): Promise<void> {
  const { rollouts } = base.tokens;
  const isGone = (row: RolloutRow): boolean => numberOf[row.source] === -1;
  const changed = new Set(rollouts.filter(isGone).map(({ task }) => task));
  for (const task of changed) for (const forest of forests) forest.rebuild(task);
  const rest = rollouts.filter((row) => changed.has(row.task) && !isGone(row)).map(rowOf);
  await reread(rest, (batch) => {
    forests[0].builder.add(batch);
    forests[1].builder.add(actionTrajectories(batch));
  });
}

/** A copy that goes on; what is counted in the input before stays. */
function goneOn(input: OpenedInput, { file, from, unmapped, fault }: More): OpenedInput {
  const copy: OpenedInput = {
    ...input,
    bytes: file.source.byteLength,
    dropped: file.source,
    from: file,
    file,
    unmapped,
    ranges: [...input.ranges],
    issues: [...input.issues],
    counts: { ...input.counts },
  };
  if (fault) {
    copy.issues.push({ severity: 'record', file: input.path, line: 0, address: bytesAt(from), ...fault });
    copy.records++;
    copy.recordIssues++;
  }
  return copy;
}
