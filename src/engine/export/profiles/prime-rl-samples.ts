/**
 * Samples that the trainer of prime-rl takes from its orchestrator, by name. Their order on the wire changes between versions, so the
 * lines that are printed have the installed version pack them.
 */
import { jsonLines, type ExportProfile } from '../profile.ts';
import { hasLogprobs, rlRow } from '../rl-rows.ts';
import { rowValues } from '../row-values.ts';
import type { BranchUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

export const primeRlSamples: ExportProfile = {
  id: 'prime-rl-samples',
  label: 'prime-rl samples',
  family: 'prime-rl',
  about: 'token_ids, mask, logprobs, advantages and the weight of each token in rl_weights or ce_weights, for the trainer of prime-rl',
  specification: 'https://github.com/PrimeIntellect-ai/prime-rl/blob/main/src/prime_rl/transport/types.py',
  fileName: 'prime-rl-samples/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  saysWeights: () => true,
  options: [
    {
      name: 'loss',
      label: 'Loss',
      help: 'the loss that the weights are of: ce, cross-entropy; rl, with advantages and log-probs',
      type: 'choice',
      values: ['ce', 'rl'],
      default: 'ce',
    },
  ],
  byDefault: false,
  training: [
    {
      trainer: 'prime-rl',
      fileName: 'batch.py',
      text: [
        'import json',
        'from pathlib import Path',
        '',
        'import msgspec',
        'from prime_rl.transport.types import TrainingBatch, TrainingSample',
        '',
        '# The first batch of a run whose output_dir is out, in place of one from an orchestrator.',
        'with open("prime-rl-samples/train.jsonl", encoding="utf-8") as lines:',
        '    samples = [TrainingSample(**json.loads(line)) for line in lines]',
        'path = Path("out/rollouts/step_0/rollouts.bin")',
        'path.parent.mkdir(parents=True, exist_ok=True)',
        'path.write_bytes(msgspec.msgpack.encode(TrainingBatch(examples=samples, step=0)))',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings(planned, { loss }) {
    const found = lossWarnings(planned);
    if (loss === 'rl' && !planned.ruling.scores.hasAdvantage)
      found.push('The log has no advantages and no rewards to compute them from: with loss=rl nothing is written.');
    return found;
  },
  writer(planned, options, tally) {
    const values = rowValues(planned);
    const isRl = options['loss'] === 'rl';
    return jsonLines(
      (unit: BranchUnit) => {
        const own = unit.row(planned.spec.weights);
        const row = own && rlRow(own, isRl ? values : { ...values, advantage: () => new Float64Array(own.ids.length) }, tally);
        if (row === null) return null;
        if (isRl && !hasLogprobs(row)) {
          tally.add('records with a trained token of unknown log-prob, left out');
          return null;
        }
        const weights = Array.from(row.weight.subarray(0, row.end), (weight, i) => (i < row.start ? 0 : weight));
        const known = (value: number | undefined, i: number): number =>
          (weights[i] ?? 0) > 0 && value !== undefined && !Number.isNaN(value) ? value : 0;
        return {
          token_ids: Array.from(row.ids.subarray(0, row.end)),
          mask: weights.map((weight) => weight > 0),
          logprobs: weights.map((_, i) => known(row.logprob[i], i)),
          temperatures: weights.map(() => 1),
          env_name: unit.origin.task,
          advantages: weights.map((_, i) => known(row.advantage[i], i)),
          // Where there are none, prime-rl takes 1 for each token of the mask.
          rl_weights: isRl ? weights : weights.map(() => 0),
          ...(isRl ? {} : { ce_weights: weights }),
        };
      },
      { logprobs: 'float', temperatures: 'float', advantages: 'float', rl_weights: 'float', ce_weights: 'float' },
    )(planned, options, tally);
  },
};
