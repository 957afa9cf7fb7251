/** What the session tells of a study of ground truths. */
import { NONE } from '../../../core/model/kinds.ts';
import { rolloutKeyOf } from '../../../core/rollouts/rollout-key.ts';
import { correlations } from '../../../core/truths/relative.ts';
import { stopAt, stopCounts, stopCurve, type Success } from '../../../core/truths/stopping.ts';
import { CALL } from '../../../core/truths/calls.ts';
import type { TruthsAnswer, TruthStops } from '../../answers/truths.ts';
import { nodesOfHits } from '../../search/hit-nodes.ts';
import { type PlacedDeviation, type TruthStudy } from './study.ts';

export function rolloutKeys({ dataset }: Pick<TruthStudy, 'dataset'>): string[] {
  return dataset.tokens.rollouts.map((row) => rolloutKeyOf(dataset.opening.inputs[row.source]?.path ?? '', row));
}

/** The rollouts whose deviation is known, with whether they succeeded: a reward above 0. */
function judged({ deviations, dataset }: TruthStudy) {
  const rollouts = [...deviations.keys()].filter((r) => deviations[r] !== null);
  return {
    rollouts,
    deviations: rollouts.map((r) => deviations[r]).filter((each): each is PlacedDeviation => each !== null && each !== undefined),
    successes: rollouts.map((r) => successOf(dataset.tokens.rollouts[r]?.reward ?? null)),
  };
}

function successOf(reward: number | null): Success {
  return reward === null || Number.isNaN(reward) ? -1 : reward > 0 ? 1 : 0;
}

export function truthsAnswer(study: TruthStudy): TruthsAnswer {
  const { dataset, settings, truths, task, measured, sampled, deviations } = study;
  const { rollouts, tasks } = dataset.tokens;
  const keys = rolloutKeys(study);
  const start = new Int32Array(tasks.length + 1);
  for (const [at, own] of truths.of.entries()) start[at + 1] = (start[at] ?? 0) + own.length;
  const isTruth = new Uint8Array(rollouts.length);
  for (const own of truths.of) for (const truth of own) for (const r of truth.rollouts) isTruth[r] = 1;
  const reward = Float64Array.from(rollouts, (row) => row.reward ?? Number.NaN);
  const known = judged(study);
  const curve = stopCurve(known.deviations, known.successes);
  return {
    settings,
    from: truths.from,
    tasks: tasks.map(({ label }) => label),
    truthsOf: Int32Array.from(truths.of, (own) => own.length),
    truths: truths.of.flatMap((own, at) =>
      own.map((truth) => ({
        task: at,
        calls: truth.calls.length,
        hasAnswer: truth.answer !== null,
        hasPatch: truth.patch !== null,
        rollouts: truth.rollouts.map((r) => keys[r] ?? ''),
      })),
    ),
    rollouts: {
      keys,
      ids: rollouts.map(({ id }) => id),
      task,
      reward,
      discrepancy: study.discrepancy.slice(),
      relative: study.relative.slice(),
      nearest: Int32Array.from(measured, (each, r) => (each === null ? NONE : (start[task[r] ?? 0] ?? 0) + each.nearest)),
      isTruth,
      calls: Int32Array.from(measured, (each) => each?.compared.length ?? 0),
      sampled: sampled.slice(),
      gap: study.gap.slice(),
    },
    correlations: correlations(reward, study.relative, task),
    curve: { ...curve, thresholds: curve.thresholds.map((cost) => cost / CALL) },
    judged: {
      rollouts: known.rollouts.length,
      ...outcomes(known.successes),
      sampled: known.rollouts.reduce((sum, r) => sum + (sampled[r] ?? 0), 0),
      unplaced: measured.filter((each, r) => each !== null && deviations[r] === null).length,
    },
    answersCut: study.answersCut,
    patchesCut: study.patchesCut,
    elsewhere: truths.elsewhere,
    unread: study.unread,
  };
}

function outcomes(successes: readonly Success[]): { successes: number; failures: number; unknown: number } {
  const count = (wanted: Success): number => successes.filter((success) => success === wanted).length;
  return { successes: count(1), failures: count(0), unknown: count(-1) };
}

/** A threshold in calls, in parts of a call: those that a curve names are found exactly. */
export function inParts(threshold: number): number {
  return Math.round(threshold * CALL);
}

export function truthStops(study: TruthStudy, threshold: number): TruthStops {
  const { dataset, deviations, measured, made, task } = study;
  const limit = inParts(threshold);
  const { length } = deviations;
  const call = new Int32Array(length).fill(NONE);
  const saved = new Float64Array(length);
  const tool: string[] = [];
  const node: (string | null)[] = [];
  for (const [r, deviation] of deviations.entries()) {
    const stop = deviation === null ? NONE : stopAt(deviation, limit);
    const at = deviation?.calls[stop] ?? NONE;
    const placed = made[r]?.calls[measured[r]?.compared[at] ?? NONE];
    tool.push(placed?.tool ?? '');
    if (placed !== undefined) {
      call[r] = at;
      saved[r] = deviation?.saved[stop] ?? 0;
    }
    node.push(
      placed === undefined ? null : (nodesOfHits(dataset, r, [{ branch: placed.branch, event: placed.event, kind: 'call' }])[0] ?? null),
    );
  }
  const all = judged(study);
  const places = dataset.tokens.tasks.map((): number[] => []);
  for (const [i, r] of all.rollouts.entries()) places[task[r] ?? NONE]?.push(i);
  const byTask = places.flatMap((own, at) => {
    if (own.length === 0) return [];
    const known = own.map((i) => all.successes[i] ?? -1);
    const { successes, failures } = outcomes(known);
    const counts = stopCounts(
      own.flatMap((i) => all.deviations[i] ?? []),
      known,
      limit,
    );
    return [{ task: at, rollouts: own.length, successes, failures, ...counts }];
  });
  return { threshold, call, tool, node, saved, all: stopCounts(all.deviations, all.successes, limit), byTask };
}
