/** All that is known of an open log's rollouts beside their ground truths, under some settings. */
import { NONE } from '../../../core/model/kinds.ts';
import type { Forest } from '../../../core/model/forest.ts';
import { unpackBranchEnds } from '../../../core/tokens/event-ends.ts';

import { LONGEST_ANSWER } from '../../../core/truths/answers.ts';
import { relativeRewards } from '../../../core/truths/relative.ts';
import type { TruthSettings } from '../../../core/truths/settings.ts';
import type { Deviation } from '../../../core/truths/stopping.ts';
import { TRUTH_GAPS, type TruthGap } from '../../answers/truths.ts';
import type { Dataset } from '../../dataset.ts';
import { makePause } from '../../pause.ts';
import type { MadeCalls } from '../../surveys/made-calls.ts';
import type { SurveyFindings } from '../../surveys/session-surveys.ts';
import { gatherTruths, type GatheredTruths } from './gather.ts';
import { comparedTools, makeTaskMeasure, type Measured } from './measure.ts';

/** Where a rollout deviates further and further. */
export interface PlacedDeviation extends Deviation {
  /** Parallel to `costs`: places among the calls that are compared. */
  readonly calls: readonly number[];
}

export interface TruthStudy {
  readonly dataset: Dataset;
  readonly settings: TruthSettings;
  readonly made: readonly (MadeCalls | null)[];
  readonly unread: SurveyFindings<MadeCalls>['unread'];
  readonly truths: GatheredTruths;
  /** rollout -> task */
  readonly task: Int32Array;
  readonly measured: readonly (Measured | null)[];
  readonly discrepancy: Float64Array;
  readonly relative: Float64Array;
  /** rollout -> index into `TRUTH_GAPS`; NONE: its discrepancy is known */
  readonly gap: Int8Array;
  /** Null where the discrepancy is unknown, or where calls lie in tokens. */
  readonly deviations: readonly (PlacedDeviation | null)[];
  /** rollout -> sampled tokens of its trajectories */
  readonly sampled: Float64Array;
  readonly answersCut: number;
  /** Rollouts whose patch, or that of their nearest truth, is compared in part. */
  readonly patchesCut: number;
}

/** Rejects once the signal is aborted. Time: calls · calls of the truths of each rollout's task; it breathes. */
export async function studyTruths(findings: SurveyFindings<MadeCalls>, settings: TruthSettings, signal: AbortSignal): Promise<TruthStudy> {
  const { dataset, of: made, unread } = findings;
  const { forest, rollouts, tasks } = dataset.tokens;
  const places = new Map(tasks.map(({ key }, at) => [key, at]));
  const task = Int32Array.from(rollouts, (row) => places.get(row.task) ?? NONE);
  const truths = gatherTruths(dataset, task, made, settings);
  const toolsOf = comparedTools(truths.of, settings.tools);
  const byTask = tasks.map((_, at) => ({ rollouts: [] as number[], at }));
  for (const [r, at] of task.entries()) byTask[at]?.rollouts.push(r);
  const measured: (Measured | null)[] = rollouts.map(() => null);
  const gap = new Int8Array(rollouts.length).fill(NONE);
  const say = (r: number, why: TruthGap): void => void (gap[r] = TRUTH_GAPS.indexOf(why));
  const pause = makePause(signal);
  for (const { rollouts: members, at } of byTask) {
    const own = truths.of[at] ?? [];
    const measure = makeTaskMeasure({ truths: own, tools: toolsOf(at), settings }, pause);
    for (const r of members) {
      const did = made[r] ?? null;
      if (did === null) say(r, 'unread');
      else if (own.length === 0) say(r, 'no-truth');
      else if ((measured[r] = await measure(r, did)) === null) say(r, 'nothing-compared');
    }
  }
  signal.throwIfAborted();
  const isPatchCut = (nearest: number, r: number): boolean =>
    [r, truths.of[task[r] ?? 0]?.[nearest]?.rollouts[0] ?? r].some((each) => made[each]?.patch?.isCut === true);
  const discrepancy = Float64Array.from(measured, (each) => each?.discrepancy ?? Number.NaN);
  const tokens = sampledTokens(forest, rollouts.length);
  return {
    dataset,
    settings,
    made,
    unread,
    truths,
    task,
    measured,
    discrepancy,
    relative: relativeRewards(discrepancy, task, settings.formula),
    gap,
    deviations: measured.map((each, r) =>
      each === null ? null : deviationOf(each, made[r]?.calls ?? [], rollouts[r]?.eventEnds, tokens.after(r)),
    ),
    sampled: tokens.total,
    answersCut: answersCut(made, measured, truths, task),
    patchesCut: measured.filter((each, r) => each?.comparesPatch === true && isPatchCut(each.nearest, r)).length,
  };
}

function deviationOf(
  { beginnings, compared }: Measured,
  calls: MadeCalls['calls'],
  packed: string | undefined,
  after: (branch: number, end: number) => number,
): PlacedDeviation | null {
  const ends = unpackBranchEnds(packed ?? '');
  const deviation = { costs: [] as number[], saved: [] as number[], calls: [] as number[] };
  for (const [i, cost] of beginnings.entries()) {
    if (cost <= (deviation.costs.at(-1) ?? 0)) continue;
    const call = calls[compared[i] ?? NONE];
    const end = call === undefined ? undefined : ends[call.branch]?.[call.event];
    if (call === undefined || end === undefined) return null;
    deviation.costs.push(cost);
    deviation.saved.push(after(call.branch, end));
    deviation.calls.push(i);
  }
  return deviation;
}

/** Sampled tokens of rollouts, summed over their trajectories; those after a place are of that branch and of the later ones. */
function sampledTokens(
  { trajectories }: Forest,
  rollouts: number,
): {
  readonly total: Float64Array;
  readonly after: (rollout: number) => (branch: number, end: number) => number;
} {
  const { sampledStart, sampledRuns, rollout: of, branch: number } = trajectories;
  const from = (t: number, place: number): number => {
    let sum = 0;
    for (let i = sampledStart[t] ?? 0; i < (sampledStart[t + 1] ?? 0); i += 2)
      sum += Math.max(0, (sampledRuns[i + 1] ?? 0) - Math.max(place, sampledRuns[i] ?? 0));
    return sum;
  };
  const total = new Float64Array(rollouts);
  const first = new Int32Array(rollouts + 1).fill(trajectories.length);
  for (let t = trajectories.length - 1; t >= 0; t--) {
    total[of[t] ?? 0] = (total[of[t] ?? 0] ?? 0) + from(t, 0);
    first[of[t] ?? 0] = t;
  }
  return {
    total,
    after: (rollout) => (branch, end) => {
      let sum = 0;
      for (let t = first[rollout] ?? 0; t < trajectories.length && of[t] === rollout; t++)
        if ((number[t] ?? 0) >= branch) sum += from(t, number[t] === branch ? end : 0);
      return sum;
    },
  };
}

function answersCut(
  made: readonly (MadeCalls | null)[],
  measured: readonly (Measured | null)[],
  { of }: GatheredTruths,
  task: Int32Array,
): number {
  return measured.filter((each, r) => {
    if (each?.comparesAnswer !== true) return false;
    const truth = of[task[r] ?? 0]?.[each.nearest]?.answer ?? '';
    return made[r]?.isAnswerCut === true || truth.length > LONGEST_ANSWER;
  }).length;
}
