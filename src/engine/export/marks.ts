/** What profiles of token ids share whose target knows no weights: each token trains once, in the first record that shows it. */
import type { TokenRow } from '../../core/export/token-row.ts';
import type { PlannedExport } from './planned.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';
import { lossWarnings } from './warnings.ts';

/** What no loss is computed for: PyTorch's `ignore_index`. */
export const IGNORED = -100;

export function markWarnings(planned: PlannedExport): string[] {
  const found = lossWarnings(planned);
  if (planned.spec.weights !== 'train-once')
    found.push(
      `Marks know no weights: each token trains once, in the first record that shows it, and not by ${planned.spec.weights}. ` +
        `For weights, choose Tokens.`,
    );
  return found;
}

/** A record's tokens with train-once weights; null where none of them trains. What marks cannot say is counted. */
export function markedRow(unit: BranchUnit, { spec }: PlannedExport, tally: Tally): TokenRow | null {
  const row = unit.row('train-once');
  if (row === null) return null;
  if (spec.weights !== 'train-once') tally.add(`records marked by train-once in place of ${spec.weights}`);
  tally.add('weights of drawn tokens, left out', row.weight.filter((weight) => weight !== 0 && weight !== 1).length);
  return row;
}

/** token -> its id where it trains, IGNORED elsewhere */
export function labelsOf({ ids, weight }: TokenRow): number[] {
  return Array.from(ids, (id, i) => ((weight[i] ?? 0) > 0 ? id : IGNORED));
}
