/** Records for trainers of reinforcement learning, with what is known of each token of the answer. */
import { responseSpan, type ResponseSpan } from '../../core/export/response.ts';
import type { TokenRow } from '../../core/export/token-row.ts';
import type { PlannedExport } from './planned.ts';
import type { RowValues } from './row-values.ts';
import type { Tally } from './tally.ts';
import { lossWarnings } from './warnings.ts';

/** Columns by token, of the whole record. */
export interface RlRow extends ResponseSpan {
  readonly ids: Int32Array;
  readonly weight: Float64Array;
  readonly advantage: Float64Array;
  readonly logprob: Float32Array;
}

/** @returns null, and counts it, where no token trains that another one predicts, or where an advantage of one that does is unknown */
export function rlRow(row: TokenRow, values: RowValues, tally: Tally): RlRow | null {
  tally.add('trained tokens that a record begins with, which nothing predicts', (row.weight[0] ?? 0) > 0 ? 1 : 0);
  const span = responseSpan(row.weight);
  if (span === null) return null;
  const advantage = values.advantage(row);
  if (advantage.some((value, i) => Number.isNaN(value) && i > 0 && (row.weight[i] ?? 0) > 0)) {
    tally.add('records of unknown advantage, left out');
    return null;
  }
  return { ids: row.ids, weight: row.weight, advantage, logprob: values.logprob(row), ...span };
}

/** Whether every token that trains has a log-prob. */
export function hasLogprobs({ weight, logprob, start }: RlRow): boolean {
  return logprob.every((value, i) => !Number.isNaN(value) || i < start || (weight[i] ?? 0) === 0);
}

/** Where the log gives no advantages, no record is written. */
export function advantageWarnings(planned: PlannedExport): string[] {
  const found = lossWarnings(planned);
  if (!planned.ruling.scores.hasAdvantage) found.push('The log has no advantages and no rewards to compute them from: nothing is written.');
  return found;
}
