/** The records of each export format, one JSON line at a time. */
import type { Rollout } from '../../core/model/rollout.ts';
import { branchesWithLoss, planBranches, type BranchPlan } from '../../core/export/branches.ts';
import { forestRecord, type ForestColumns, type TrajectoryOrigin } from '../../core/export/forest-record.ts';
import { messageRecord } from '../../core/export/message-record.ts';
import { makeByteWriter } from '../../core/export/byte-writer.ts';
import { makeTokenLines } from '../../core/export/token-lines.ts';
import { keepMask } from '../../core/prune/cut.ts';
import { trainedNodes } from '../../core/prune/train.ts';
import { unpackEventEnds } from '../../core/tokens/event-ends.ts';
import { NO_ACTION } from '../../core/tree/actions.ts';
import type { Frozen } from '../../core/tree/freeze.ts';
import { pathTo, taskOf } from '../../core/tree/navigate.ts';
import type { ExportFormat, ExportSpec } from '../answers/exporting.ts';
import type { OpenSettings } from '../answers/opening.ts';
import type { ReadBack } from '../read-back.ts';
import type { Keep, Ruling } from '../ruling.ts';

export interface ExportJob {
  readonly ruling: Ruling;
  readonly keep: Keep;
  readonly spec: ExportSpec;
  readonly readBack: ReadBack;
  /** As set when the inputs were opened; for the manifest. */
  readonly opened: Pick<OpenSettings, 'memoryTools' | 'maxNodeTokens'>;
}

export interface PlannedExport extends ExportJob {
  readonly kept: Uint8Array;
  readonly plan: BranchPlan;
  /** record -> branch: a kept branch without loss is no training record */
  readonly branches: Int32Array;
}

export function planExport(job: ExportJob): PlannedExport {
  const { ruling, keep } = job;
  const { forest } = ruling.problem;
  const kept = keepMask(forest, ruling.order, keep.cut);
  const plan = planBranches(forest, kept, trainedNodes(ruling.ticks, keep.cut, keep.trainEnd), job.spec.maskErrors);
  return { ...job, kept, plan, branches: branchesWithLoss(plan, job.spec.weights) };
}

/** Records that `format` will have. */
export function recordCount(planned: PlannedExport, format: ExportFormat): number {
  return format === 'forest' ? planned.ruling.dataset.tokens.tasks.length : planned.branches.length;
}

/**
 * Lines with their line ends, in a fixed order; each is valid until the next one is asked for. Messages are read back
 * from the files, record by record.
 */
export async function* exportLines(planned: PlannedExport, format: ExportFormat): AsyncGenerator<Uint8Array> {
  const count = recordCount(planned, format);
  if (format === 'tokens') {
    const write = makeTokenWriter(planned);
    for (const branch of planned.branches) yield write(branch);
    return;
  }
  const encoder = new TextEncoder();
  const messages = format === 'messages' ? makeMessageReader(planned) : null;
  for (let index = 0; index < count; index++) {
    yield encoder.encode(
      `${JSON.stringify(messages === null ? taskRecord(planned, index) : await messages(planned.branches[index] ?? 0))}\n`,
    );
  }
}

function makeTokenWriter(planned: PlannedExport): (branch: number) => Uint8Array {
  const { ruling, plan, spec } = planned;
  const { forest } = ruling.problem;
  const lines = makeTokenLines({ forest, plan, convention: spec.weights, meanAdvantage: ruling.scores.meanAdvantage });
  const out = makeByteWriter(1 << 16);
  return (branch) => {
    const task = taskOf(forest, plan.leaf[branch] ?? 0);
    out.length = 0;
    lines.write(out, branch, trajectoriesOf(planned, task), JSON.stringify(labels(planned, task, branch)).slice(1, -1));
    return out.data.subarray(0, out.length);
  };
}

function trajectoriesOf(planned: PlannedExport, task: number): number {
  const { trajectoryStart } = planned.ruling.problem.forest;
  return (trajectoryStart[task + 1] ?? 0) - (trajectoryStart[task] ?? 0);
}

/** What every record says of where it comes from. */
function labels(
  planned: PlannedExport,
  task: number,
  branch: number,
): { task: string; rollout: string; source: { name: string; line: number } } {
  const { dataset, problem } = planned.ruling;
  const row = rolloutOf(planned, problem.forest.trajectories.rollout[planned.plan.trajectory[branch] ?? 0] ?? 0);
  return { task: dataset.tokens.tasks[task]?.key ?? '', ...row };
}

function rolloutOf({ ruling }: PlannedExport, rollout: number): Pick<TrajectoryOrigin, 'rollout' | 'source'> {
  const { tokens, opening } = ruling.dataset;
  const row = tokens.rollouts[rollout];
  return { rollout: row?.id ?? '', source: row?.origin ?? { name: opening.inputs[row?.source ?? 0]?.path ?? '', line: row?.line ?? 0 } };
}

function originOf(planned: PlannedExport, trajectory: number): TrajectoryOrigin {
  const { ruling } = planned;
  const { dataset, problem } = ruling;
  const table = problem.forest.trajectories;
  const row = dataset.tokens.rollouts[table.rollout[trajectory] ?? 0];
  const finite = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
  return {
    ...rolloutOf(planned, table.rollout[trajectory] ?? 0),
    branch: table.branch[trajectory] ?? 0,
    reward: finite(table.reward[trajectory]),
    advantage: finite(ruling.scores.trajectoryAdvantage[trajectory]),
    status: row?.status ?? '',
    policy: row?.policy ?? '',
    startedAt: row?.startedAt ?? null,
    ...deedsOf(dataset.actions, trajectory),
  };
}

/** A trajectory's actions as the action tree holds them. */
function deedsOf(
  { forest, actions, actionStart, actionEnd }: Frozen,
  trajectory: number,
): Pick<TrajectoryOrigin, 'actions' | 'actionEnds'> {
  const keys: string[] = [];
  for (const node of pathTo(forest, forest.trajectories.leaf[trajectory] ?? 0)) {
    for (const key of forest.edgeTokens.subarray(forest.edgeStart[node], forest.edgeStart[node + 1])) keys.push(actions[key] ?? NO_ACTION);
  }
  if (keys[0] === NO_ACTION) return { actions: [], actionEnds: [] };
  return { actions: keys, actionEnds: Array.from(actionEnd?.subarray(actionStart?.[trajectory], actionStart?.[trajectory + 1]) ?? []) };
}

function taskRecord(planned: PlannedExport, task: number): object {
  const { ruling, keep, kept } = planned;
  const { dataset, problem, scores, order } = ruling;
  const { forest } = problem;
  const entropy = scores.entropy.sum.map((sum, n) => ((scores.entropy.known[n] ?? 0) > 0 ? sum : NaN));
  const { pinned, factor } = order.plan.protections;
  const columns: ForestColumns = {
    entropy,
    signal: scores.signal,
    importance: scores.importance,
    cost: order.plan.cost,
    kept,
    trained: planned.plan.trained,
    model: ruling.model?.entropy ?? null,
    protected: Uint8Array.from(pinned, (pin, n) => (pin === 1 ? 2 : (factor[n] ?? 1) > 1 ? 1 : 0)),
  };
  const row = dataset.tokens.tasks[task];
  if (!row) throw new Error(`no task ${task}`);
  return {
    ...forestRecord(forest, task, row, columns, (trajectory) => originOf(planned, trajectory)),
    tokenizer: dataset.tokenizerName,
    model_source: ruling.model?.source ?? null,
    model_sha256: ruling.model?.by ?? null,
    rule: ruling.rule,
    budget: keep.budget,
  };
}

/** Reads a branch's messages back and finds where each of its events ends in tokens. */
function makeMessageReader(planned: PlannedExport): (branch: number) => Promise<object> {
  const { forest } = planned.ruling.problem;
  let known: { rollout: number; source: Rollout; ends: readonly Int32Array[] } | null = null;
  return async (branch) => {
    const trajectory = planned.plan.trajectory[branch] ?? 0;
    const rollout = forest.trajectories.rollout[trajectory] ?? 0;
    if (known?.rollout !== rollout) {
      const source = await planned.readBack.rollout(rollout);
      known = { rollout, source, ends: eventEnds(planned, rollout, source) };
    }
    const index = forest.trajectories.branch[trajectory] ?? 0;
    const events = known.source.branches[index];
    const task = taskOf(forest, planned.plan.leaf[branch] ?? 0);
    if (!events) throw new Error(`rollout ${known.source.id} has no branch ${index}; the file has changed`);
    const messages = messageRecord(
      forest,
      planned.plan,
      planned.spec.weights,
      trajectoriesOf(planned, task),
      branch,
      events,
      known.ends[index] ?? [],
    );
    const reward = forest.trajectories.reward[trajectory] ?? NaN;
    const whole = (planned.plan.tokenCount[branch] ?? 0) === forest.trajectories.tokenCount[trajectory];
    return {
      messages,
      ...(known.source.tools === undefined ? {} : { tools: JSON.parse(known.source.tools) as unknown }),
      ...labels(planned, task, branch),
      branch: index,
      reward: Number.isNaN(reward) ? null : reward,
      complete: whole,
    };
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
