/** Samples of slime and miles, as `Sample.to_dict` gives them, in the file that both save rollouts to and train on again. */
import { PyFloat, type PickledObject } from '../../core/export/pickle.ts';
import { makeTorchFile } from '../../core/export/torch-file.ts';
import { eachSampledRun } from '../../core/rollouts/policy-lag.ts';
import { versionSpan } from '../../core/rollouts/policy-versions.ts';
import type { OptionValues } from '../answers/exporting.ts';
import { markedRow, markWarnings } from './marks.ts';
import type { PlannedExport } from './planned.ts';
import type { ExportProfile, UnitWriter } from './profile.ts';
import { hasLogprobs, rlRow } from './rl-rows.ts';
import { rowValues, type RowValues } from './row-values.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';
import { versionsOf } from '../rollouts/versions.ts';

/** Of both profiles. */
export const ROLLOUT_SAMPLES = {
  kind: 'binary',
  mediaType: 'application/octet-stream',
  // A ZIP of 32 bits takes 4 GB; each file is one rollout, which both load as a whole.
  mostMegabytes: 1000,
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [
    {
      name: 'reward',
      label: 'Reward',
      help: 'what stands as reward: the advantage of the rollout, for training without normalisation; or its reward',
      type: 'choice',
      values: ['advantage', 'reward'],
      default: 'advantage',
    },
  ],
  byDefault: false,
  mixesTasks: () => true,
  count: () => null,
  warnings: sampleWarnings,
  writer: sampleWriter,
} satisfies Partial<ExportProfile>;

function sampleWarnings(planned: PlannedExport, { reward }: OptionValues): string[] {
  const found = markWarnings(planned);
  if (reward === 'advantage' && !planned.ruling.scores.hasAdvantage)
    found.push('The log has no advantages and no rewards to compute them from: nothing is written.');
  if (reward === 'reward')
    found.push('Rewards are normalised over as many samples as --n-samples-per-prompt says; tasks here have any number of records.');
  return found;
}

function sampleWriter(planned: PlannedExport, { reward }: OptionValues, tally: Tally): UnitWriter<BranchUnit> {
  const values = rowValues(planned);
  const file = makeTorchFile({ rollout_id: 0 }, 'samples');
  let count = 0;
  return {
    head: file.head,
    write(unit) {
      const own = reward === 'advantage' ? (planned.ruling.scores.trajectoryAdvantage[unit.trajectory] ?? NaN) : (unit.reward ?? NaN);
      const sample = sampleOf(unit, planned, own, values, tally);
      return sample && file.add({ group_index: unit.task, index: count++, ...sample });
    },
    finish: () => file.end(),
    records: () => count,
  };
}

function sampleOf(unit: BranchUnit, planned: PlannedExport, reward: number, values: RowValues, tally: Tally): PickledObject | null {
  const marked = markedRow(unit, planned, tally);
  if (marked === null) return null;
  if (Number.isNaN(reward)) {
    tally.add('records of unknown reward, left out');
    return null;
  }
  const row = rlRow(marked, values, tally);
  if (row === null) return null;
  const { ids, weight, advantage, logprob, start, end } = row;
  const mask = Int32Array.from(weight.subarray(start, end), (value) => (value > 0 ? 1 : 0));
  const trajectory = planned.ruling.scores.trajectoryAdvantage[unit.trajectory] ?? 0;
  const isMixed = (value: number, i: number): boolean => mask[i] === 1 && Math.abs(value - trajectory) > 1e-9;
  tally.add(
    'trained tokens of several rollouts, with the value of one of them in place of the mean',
    advantage.subarray(start, end).filter(isMixed).length,
  );
  const isLogged = hasLogprobs(row);
  if (!isLogged) tally.add('records with a trained token of unknown log-prob, without rollout_log_probs');
  const known = Float64Array.from(logprob.subarray(start, end), (value, i) => (mask[i] === 1 ? value : 0));
  return {
    prompt: '',
    tokens: ids.subarray(0, end),
    response: '',
    response_length: end - start,
    label: null,
    reward: new PyFloat(reward),
    loss_mask: mask,
    rollout_log_probs: isLogged ? known : null,
    weight_versions: versionsUpTo(unit, planned, end),
    remove_sample: false,
    status: 'completed',
    metadata: { ...unit.origin, source: unit.origin.source.name, reward: unit.reward === null ? null : new PyFloat(unit.reward) },
  };
}

/** A version for each stretch that the policy sampled, as a list of generate calls has them; empty where one of them is not told alone. */
function versionsUpTo({ trajectory, isPart }: BranchUnit, { ruling: { dataset } }: PlannedExport, end: number): readonly string[] {
  if (isPart) return [];
  const versions: string[] = [];
  eachSampledRun(dataset.tokens.forest.trajectories, trajectory, versionsOf(dataset).runsOf(trajectory), (from, _to, version) => {
    if (from < end) versions.push(version);
  });
  const isTold = versions.every((version) => {
    const span = versionSpan(version);
    return span !== null && span.first === span.last;
  });
  return isTold ? versions.map((version) => String(versionSpan(version)?.first)) : [];
}
