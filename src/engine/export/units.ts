/** What is written, unit by unit: each kept branch and each task once, read back and decoded once for all files. */
import type { Rollout } from '../../core/model/rollout.ts';
import { messageRecord, type MessageOut } from '../../core/export/message-record.ts';
import { unpackEventEnds } from '../../core/tokens/event-ends.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { PlannedExport } from './plan.ts';

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
  /** Position among the branches of its rollout. */
  readonly index: number;
  readonly reward: number | null;
  /** It is kept up to its end. */
  readonly complete: boolean;
  /** What the log says; null where no chosen profile needs messages. */
  readonly said: { readonly rollout: Rollout; readonly messages: readonly MessageOut[] } | null;
}

export interface TaskUnit {
  readonly kind: 'task';
  readonly task: number;
}

export type TrainingUnit = BranchUnit | TaskUnit;

export interface UnitsWanted {
  readonly kinds: ReadonlySet<TrainingUnit['kind']>;
  /** Read what was said back from the files. */
  readonly messages: boolean;
  /** At most this many units of each kind. Default: all. */
  readonly limit?: number;
}

/** In a fixed order: each task behind its branches, which are in depth-first order. Throws where a file has changed. */
export async function* trainingUnits(planned: PlannedExport, wanted: UnitsWanted): AsyncGenerator<TrainingUnit> {
  const { forest } = planned.ruling.problem;
  const limit = wanted.limit ?? Infinity;
  const tasks = wanted.kinds.has('task') ? Math.min(limit, planned.ruling.dataset.tokens.tasks.length) : 0;
  const branches = wanted.kinds.has('branch') ? Math.min(limit, planned.branches.length) : 0;
  const readSaid = wanted.messages ? makeSaidReader(planned) : null;
  let task = 0;
  for (let record = 0; record < branches; record++) {
    const own = taskOf(forest, planned.plan.end[planned.branches[record] ?? 0] ?? 0);
    for (; task < Math.min(own, tasks); task++) yield { kind: 'task', task };
    yield await branchUnit(planned, planned.branches[record] ?? 0, own, readSaid);
  }
  for (; task < tasks; task++) yield { kind: 'task', task };
}

type SaidReader = (record: number, divisor: number) => Promise<NonNullable<BranchUnit['said']>>;

async function branchUnit(planned: PlannedExport, record: number, task: number, readSaid: SaidReader | null): Promise<BranchUnit> {
  const { dataset, problem } = planned.ruling;
  const { trajectories: table } = problem.forest;
  const trajectory = planned.plan.trajectory[record] ?? 0;
  const reward = table.reward[trajectory] ?? NaN;
  const divisor = planned.divisors[task] ?? 1;
  return {
    kind: 'branch',
    record,
    task,
    divisor,
    origin: { task: dataset.tokens.tasks[task]?.key ?? '', ...rolloutOrigin(planned, table.rollout[trajectory] ?? 0) },
    index: table.branch[trajectory] ?? 0,
    reward: Number.isNaN(reward) ? null : reward,
    complete: (planned.plan.tokenCount[record] ?? 0) === table.tokenCount[trajectory],
    said: readSaid === null ? null : await readSaid(record, divisor),
  };
}

export function rolloutOrigin({ ruling }: PlannedExport, rollout: number): RolloutOrigin {
  const { tokens, opening } = ruling.dataset;
  const row = tokens.rollouts[rollout];
  return { rollout: row?.id ?? '', source: row?.origin ?? { name: opening.inputs[row?.source ?? 0]?.path ?? '', line: row?.line ?? 0 } };
}

/** Reads records' rollouts back; one whose records follow each other is read for all of them. */
function makeSaidReader(planned: PlannedExport): SaidReader {
  const { forest } = planned.ruling.problem;
  let known: { rollout: number; source: Rollout; ends: readonly Int32Array[] } | null = null;
  return async (record, divisor) => {
    const trajectory = planned.plan.trajectory[record] ?? 0;
    const rollout = forest.trajectories.rollout[trajectory] ?? 0;
    if (known?.rollout !== rollout) {
      const source = await planned.readBack.rollout(rollout);
      known = { rollout, source, ends: eventEnds(planned, rollout, source) };
    }
    const { source, ends } = known;
    const index = forest.trajectories.branch[trajectory] ?? 0;
    const own = source.branches[index];
    if (!own) throw new Error(`rollout ${source.id} has no branch ${index}; the file has changed`);
    const messages = messageRecord(forest, planned.plan, planned.spec.weights, divisor, record, own, ends[index] ?? []);
    return { rollout: source, messages };
  };
}

/** branch -> event -> tokens up to its end, as they were found when the rollout was opened */
function eventEnds(planned: PlannedExport, rollout: number, source: Rollout): readonly Int32Array[] {
  const ends = unpackEventEnds(planned.ruling.dataset.tokens.rollouts[rollout]?.eventEnds ?? '');
  let to = 0;
  const byBranch = source.branches.map(({ events }) => ends.subarray(to, (to += events.length)));
  if (to !== ends.length)
    throw new Error(`rollout ${source.id} has ${to} events and had ${ends.length} when it was opened; the file has changed`);
  return byBranch;
}
