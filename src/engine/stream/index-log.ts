/** The first pass over a log: which rollouts it holds, of which tasks, and where; every issue; no tokens. */
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import type { ActionBatch } from '../../core/tree/actions.ts';
import { makeForestBuilder } from '../../core/tree/build.ts';
import type { OpenProgress, OpenSettings } from '../answers/opening.ts';
import { lineCounter } from '../dataset.ts';
import { formatById } from '../format-by-id.ts';
import { makeOpening, openFiles } from '../open.ts';
import type { Opening } from '../opening-inputs.ts';
import type { InputFile } from '../input-file.ts';
import type { Unpack } from '../parts.ts';
import type { ParsePool } from '../pool.ts';
import { settledOpening, settleInput } from '../settle.ts';
import { StreamRefusal } from './refusal.ts';
import type { MakeSpill, Spill } from './spill.ts';

export interface IndexedLog {
  /** Settled: inputs and issues as after opening everything. What tokenising counts is still 0. */
  readonly opening: Opening;
  /** Rows in no order, with lines counted from their file's start once they are read through `settled`. */
  readonly rows: Spill<readonly RolloutRow[]>;
  readonly rollouts: number;
  /** task -> bytes of its records */
  readonly tasks: ReadonlyMap<string, number>;
}

/** @param pool configured. Throws StreamRefusal for inputs that hold trees and no records of rollouts. */
export async function indexLog(
  files: readonly InputFile[],
  settings: OpenSettings,
  pool: ParsePool,
  unpack: Unpack,
  makeSpill: MakeSpill,
  signal: AbortSignal,
  onProgress: (progress: Omit<OpenProgress, 'partial'>) => void,
): Promise<IndexedLog> {
  const rows = makeSpill<readonly RolloutRow[]>('rollouts');
  const tasks = new Map<string, number>();
  let rollouts = 0;
  const opening = makeOpening(settings.maxNodeTokens);
  opening.tokens = {
    ...makeForestBuilder(),
    add(batch: TrajectoryBatch | ActionBatch) {
      if (batch.rollouts.length === 0) return;
      rows.add(batch.rollouts);
      rollouts += batch.rollouts.length;
      for (const [i, { task, source, address }] of batch.rollouts.entries()) {
        const before = batch.rollouts[i - 1];
        const isSame = before?.task === task && before.source === source && before.address.start === address.start;
        tasks.set(task, (tasks.get(task) ?? 0) + (isSame ? 0 : address.size));
      }
    },
  };
  opening.actions = { ...makeForestBuilder(), add: () => undefined };
  const rowsOnly: ParsePool = {
    ...pool,
    size: pool.size,
    parse: (job, handle, reply, aborted) => pool.parse({ ...job, rowsOnly: true }, handle, reply, aborted),
  };
  await openFiles(opening, files, settings, rowsOnly, unpack, signal, onProgress);
  for (const input of opening.inputs) {
    if (input.format !== null && formatById(input.format.id, settings.mapping).write)
      throw new StreamRefusal(`${input.path} is a forest export, which is not read in parts: prune the log that it was made from`);
    settleInput(input);
  }
  return { opening: settledOpening(opening.inputs, true, opening.beside), rows, rollouts, tasks };
}

/** Rows with lines counted from the start of their file. */
export async function* settledRows({ opening, rows }: IndexedLog): AsyncGenerator<RolloutRow[]> {
  const lineOf = opening.inputs.map(lineCounter);
  for await (const batch of rows.read())
    yield batch.map((row) => ({ ...row, line: lineOf[row.source]?.(row.address, row.line) ?? row.line }));
}
