/** What is written, unit by unit: each kept branch and each task once, read back and decoded once for all files. */
import { hash128 } from '../../base/hash.ts';
import type { Rollout } from '../../core/model/rollout.ts';
import type { Convention } from '../../core/export/branches.ts';
import { closeCalls } from '../../core/export/close-calls.ts';
import { messageRecord, type MessageOut } from '../../core/export/message-record.ts';
import { tokenRow, type TokenRow } from '../../core/export/token-row.ts';
import { unpackBranchEnds } from '../../core/tokens/event-ends.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import { rankOf, shuffled } from './choice.ts';
import { keptLines, type LinesUnit } from './line-units.ts';
import type { PlannedExport } from './planned.ts';
import { recordSettings } from './record-settings.ts';

/** What a record says of where it comes from. */
export interface RolloutOrigin {
  readonly rollout: string;
  readonly source: { readonly name: string; readonly line: number };
}

/** A record of a kept branch, or of a part of one, that carries loss. */
export interface BranchUnit {
  readonly kind: 'branch';
  /** Its number in the plan. */
  readonly record: number;
  readonly task: number;
  /** K of the task. */
  readonly divisor: number;
  readonly origin: { readonly task: string } & RolloutOrigin;
  /** The trajectory that stands for it: a row of the forest's table. */
  readonly trajectory: number;
  /** Position among the branches of its rollout. */
  readonly index: number;
  readonly reward: number | null;
  /** It shows all up to the last turn that its rollout sampled, and where messages are read, the log does not cut it off there. */
  readonly complete: boolean;
  /** A window: it does not show its trajectory from the beginning. */
  readonly isPart: boolean;
  /** What the log says; null where no chosen profile needs messages. */
  readonly said: Said | null;
  /** The record's tokens, with loss weights by that convention; null where none of them carries loss. */
  row(convention: Convention): TokenRow | null;
}

export interface Said {
  readonly rollout: Rollout;
  /** The log cuts the branch off inside its last turn. */
  readonly isCutOff: boolean;
  /** Calls without a result that were given one. */
  readonly closed: number;
  /** The record's messages, with loss marks and weights by that convention. */
  messages(convention: Convention): readonly MessageOut[];
}

export interface TaskUnit {
  readonly kind: 'task';
  readonly task: number;
  /** The records of the task in their order; none where no chosen profile takes them by task. */
  readonly records: readonly BranchUnit[];
}

export type TrainingUnit = BranchUnit | TaskUnit | LinesUnit;

export interface UnitsWanted {
  readonly branches: boolean;
  /** Tasks: not at all, alone, or with their records, which are held in memory task by task. */
  readonly tasks: 'none' | 'alone' | 'with-records';
  /** Lines of the inputs as they stand there. */
  readonly lines?: boolean;
  /** Read what was said back from the files. */
  readonly messages: boolean;
  /** At most this many units of each kind. Default: all. */
  readonly limit?: number;
}

/**
 * In a fixed order: each task behind its records; shuffled: all records, then all tasks, each with its records in the order of the
 * plan. Lines come last, in the order of the inputs. Throws where a file has changed.
 */
export async function* trainingUnits(planned: PlannedExport, wanted: UnitsWanted): AsyncGenerator<TrainingUnit> {
  if (wanted.branches || wanted.tasks !== 'none')
    yield* recordSettings(planned.spec).shuffle ? shuffledUnits(planned, wanted) : orderedUnits(planned, wanted);
  if (wanted.lines === true) yield* keptLines(planned, wanted.limit);
}

async function* shuffledUnits(planned: PlannedExport, wanted: UnitsWanted): AsyncGenerator<TrainingUnit> {
  const { dataset, problem } = planned.ruling;
  const { forest } = problem;
  const { plan, records } = planned;
  const { seed } = recordSettings(planned.spec);
  const limit = wanted.limit ?? Infinity;
  const readSaid = wanted.messages ? makeSaidReader(planned) : null;
  const unitOf = (record: number): Promise<BranchUnit> => branchUnit(planned, record, taskOf(forest, plan.end[record] ?? 0), readSaid);
  if (wanted.branches) {
    const ranks = Array.from(records, (record) => {
      const extent = plan.extent[record];
      return extent === undefined ? '' : rankOf(dataset, forest, seed, plan.trajectory[record] ?? 0, extent);
    });
    for (const i of shuffled(ranks).slice(0, limit)) yield await unitOf(records[i] ?? 0);
  }
  if (wanted.tasks === 'none') return;
  const ofTask: number[][] = dataset.tokens.tasks.map(() => []);
  for (const record of records) ofTask[taskOf(forest, plan.end[record] ?? 0)]?.push(record);
  for (const task of shuffled(dataset.tokens.tasks.map(({ key }) => hash128(`${seed}\n${key}`))).slice(0, limit)) {
    const held: BranchUnit[] = [];
    if (wanted.tasks === 'with-records') for (const record of ofTask[task] ?? []) held.push(await unitOf(record));
    yield { kind: 'task', task, records: held };
  }
}

async function* orderedUnits(planned: PlannedExport, wanted: UnitsWanted): AsyncGenerator<TrainingUnit> {
  const { forest } = planned.ruling.problem;
  const limit = wanted.limit ?? Infinity;
  const tasks = wanted.tasks === 'none' ? 0 : Math.min(limit, planned.ruling.dataset.tokens.tasks.length);
  const readSaid = wanted.messages ? makeSaidReader(planned) : null;
  let next = 0;
  let held: BranchUnit[] = [];
  function* tasksBelow(end: number): Generator<TaskUnit> {
    for (; next < end; next++) {
      const records = held;
      held = [];
      yield { kind: 'task', task: next, records };
    }
  }
  let given = 0;
  for (const record of planned.records) {
    const own = taskOf(forest, planned.plan.end[record] ?? 0);
    yield* tasksBelow(Math.min(own, tasks));
    const isWanted = wanted.branches && given < limit;
    const isHeld = wanted.tasks === 'with-records' && own < tasks;
    if (!isWanted && !isHeld) break;
    const unit = await branchUnit(planned, record, own, readSaid);
    if (isHeld) held.push(unit);
    given++;
    if (isWanted) yield unit;
  }
  yield* tasksBelow(tasks);
}

type SaidReader = (record: number, divisor: number) => Promise<Said>;

async function branchUnit(planned: PlannedExport, record: number, task: number, readSaid: SaidReader | null): Promise<BranchUnit> {
  const { dataset, problem } = planned.ruling;
  const { trajectories: table } = problem.forest;
  const trajectory = planned.plan.trajectory[record] ?? 0;
  const reward = table.reward[trajectory] ?? NaN;
  const divisor = planned.divisors[task] ?? 1;
  const said = readSaid === null ? null : await readSaid(record, divisor);
  return {
    kind: 'branch',
    record,
    task,
    trajectory,
    divisor,
    origin: { task: dataset.tokens.tasks[task]?.key ?? '', ...rolloutOrigin(planned, table.rollout[trajectory] ?? 0) },
    index: table.branch[trajectory] ?? 0,
    reward: Number.isNaN(reward) ? null : reward,
    complete: reachesEnd(planned, record) && said?.isCutOff !== true,
    isPart: (planned.plan.extent[record]?.from ?? 0) > 0,
    said,
    row: (convention) => tokenRow(problem.forest, planned.plan, convention, divisor, record),
  };
}

function redactedIn<T>({ redactor }: PlannedExport, value: T): T {
  return redactor === null ? value : redactor.deep(value);
}

/** Whether a record shows its trajectory from the beginning up to the last token that was sampled. */
function reachesEnd({ ruling, plan }: PlannedExport, record: number): boolean {
  const { depth, edgeStart, trajectories } = ruling.dataset.tokens.forest;
  const { end = 0, from = 0 } = plan.extent[record] ?? {};
  const t = plan.trajectory[record] ?? 0;
  const hasSampled = trajectories.sampledStart[t] !== trajectories.sampledStart[t + 1];
  const last = hasSampled ? (trajectories.sampledRuns[(trajectories.sampledStart[t + 1] ?? 0) - 1] ?? 0) : 0;
  return from === 0 && (depth[end] ?? 0) + (edgeStart[end + 1] ?? 0) - (edgeStart[end] ?? 0) >= last;
}

export function rolloutOrigin(planned: PlannedExport, rollout: number): RolloutOrigin {
  const { tokens, opening } = planned.ruling.dataset;
  const row = tokens.rollouts[rollout];
  return redactedIn(planned, {
    rollout: row?.id ?? '',
    source: row?.origin ?? { name: opening.inputs[row?.source ?? 0]?.path ?? '', line: row?.line ?? 0 },
  });
}

/** Reads records' rollouts back; one whose records follow each other is read for all of them. */
function makeSaidReader(planned: PlannedExport): SaidReader {
  const { forest } = planned.ruling.problem;
  const { closeCalls: closes } = recordSettings(planned.spec);
  let known: { rollout: number; source: Rollout; ends: readonly Int32Array[] } | null = null;
  return async (record, divisor) => {
    const trajectory = planned.plan.trajectory[record] ?? 0;
    const rollout = forest.trajectories.rollout[trajectory] ?? 0;
    if (known?.rollout !== rollout) {
      const read = await planned.readBack.rollout(rollout);
      const source = planned.redactor?.deep(read) ?? read;
      known = { rollout, source, ends: eventEnds(planned, rollout, source) };
    }
    const { source, ends } = known;
    const index = forest.trajectories.branch[trajectory] ?? 0;
    const own = source.branches[index];
    if (!own) throw new Error(`rollout ${source.id} has no branch ${index}; the file has changed`);
    // Again as messages: they join texts that the log holds apart.
    const messages = (convention: Convention): MessageOut[] =>
      redactedIn(planned, messageRecord(forest, planned.plan, convention, divisor, record, own, ends[index] ?? []));
    return {
      rollout: source,
      isCutOff: own.events.at(-1)?.truncated === true,
      closed: closes ? closeCalls(messages('train-once')).filter(({ closing }) => closing).length : 0,
      messages: closes ? (convention) => closeCalls(messages(convention)) : messages,
    };
  };
}

/** branch -> event -> tokens up to its end, as they were found when the rollout was opened */
function eventEnds(planned: PlannedExport, rollout: number, source: Rollout): readonly Int32Array[] {
  const ends = unpackBranchEnds(planned.ruling.dataset.tokens.rollouts[rollout]?.eventEnds ?? '');
  const count = (lists: readonly { readonly length: number }[]): number => lists.reduce((sum, { length }) => sum + length, 0);
  const found = source.branches.map(({ events }) => events);
  if (count(found) !== count(ends))
    throw new Error(`rollout ${source.id} has ${count(found)} events and had ${count(ends)} when it was opened; the file has changed`);
  return ends;
}
