/** The whole tree of each task as columns, with what pruning decided: opens here again. */
import { modelText } from '../../../core/score/model-source.ts';
import { FOREST_FLOATS, forestRecord, type ForestColumns, type TrajectoryOrigin } from '../../../core/export/forest-record.ts';
import { jsonText } from '../../../core/export/json-text.ts';
import { sealed } from '../../../core/model/seal.ts';
import { NO_ACTION } from '../../../core/tree/actions.ts';
import type { Frozen } from '../../../core/tree/freeze.ts';
import { pathTo } from '../../../core/tree/navigate.ts';
import { sha256Now } from '../hash.ts';
import { versionsOf } from '../../rollouts/versions.ts';
import type { PlannedExport } from '../planned.ts';
import type { ExportProfile } from '../profile.ts';
import { rolloutOrigin, type TaskUnit } from '../units.ts';
import { commonWarnings } from '../warnings.ts';

export const forest: ExportProfile = {
  id: 'forest',
  label: 'Forest',
  family: 'Own files',
  about: 'Each task’s whole tree as columns, with what was dropped; opens here again',
  specification: 'docs/training-sets.md',
  fileName: 'forest.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  isWhole: true,
  needs: [],
  options: [],
  byDefault: true,
  count: (planned) => planned.ruling.dataset.tokens.tasks.length,
  warnings: commonWarnings,
  writer(planned) {
    // Of the whole forest, hence once and not again for each task.
    const columns = columnsOf(planned);
    const encoder = new TextEncoder();
    return {
      write: (unit: TaskUnit) => encoder.encode(`${sealed(jsonText(taskRecord(unit, planned, columns), FOREST_FLOATS), sha256Now)}\n`),
    };
  },
};

function originOf(planned: PlannedExport, trajectory: number): TrajectoryOrigin {
  const { ruling } = planned;
  const { dataset, problem } = ruling;
  const table = problem.forest.trajectories;
  const row = dataset.tokens.rollouts[table.rollout[trajectory] ?? 0];
  const finite = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
  return {
    row: table.rollout[trajectory] ?? 0,
    ...rolloutOrigin(planned, table.rollout[trajectory] ?? 0),
    branch: table.branch[trajectory] ?? 0,
    reward: finite(table.reward[trajectory]),
    advantage: finite(ruling.scores.trajectoryAdvantage[trajectory]),
    status: row?.status ?? '',
    policy: row?.policy ?? '',
    startedAt: row?.startedAt ?? null,
    ...versionRunsOf(planned, trajectory, row?.policy ?? ''),
    ...deedsOf(dataset.actions, trajectory),
  };
}

/** Also those that records told which were merged into its rollout. */
function versionRunsOf({ ruling: { dataset } }: PlannedExport, trajectory: number, policy: string): Pick<TrajectoryOrigin, 'versions'> {
  const runs = versionsOf(dataset).runsOf(trajectory);
  return runs.every(({ version }) => version === policy) ? {} : { versions: runs.map(({ to, version }) => [to, version] as const) };
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

function columnsOf({ ruling, kept, plan }: PlannedExport): ForestColumns {
  const { scores, order } = ruling;
  const entropy = scores.entropy.sum.map((sum, n) => ((scores.entropy.known[n] ?? 0) > 0 ? sum : NaN));
  const { pinned, factor } = order.plan.protections;
  return {
    entropy,
    signal: scores.signal,
    importance: scores.importance,
    cost: order.plan.cost,
    kept,
    trained: plan.trained,
    factors: plan.factors,
    model: ruling.model?.entropy ?? null,
    protected: Uint8Array.from(pinned, (pin, n) => (pin === 1 ? 2 : (factor[n] ?? 1) > 1 ? 1 : 0)),
  };
}

function taskRecord({ task }: TaskUnit, planned: PlannedExport, columns: ForestColumns): object {
  const { ruling, keep } = planned;
  const { dataset } = ruling;
  // Whole, also where the rule lets only some rollouts train.
  const { forest } = dataset.tokens;
  const row = dataset.tokens.tasks[task];
  if (!row) throw new Error(`no task ${task}`);
  return {
    ...forestRecord(forest, task, row, columns, (trajectory) => originOf(planned, trajectory)),
    tokenizer: dataset.tokenizerName,
    model_source: ruling.model && modelText(ruling.model.source),
    model_sha256: ruling.model?.by ?? null,
    model_windows: ruling.model?.windows ?? null,
    rule: ruling.rule,
    budget: keep.budget,
  };
}
