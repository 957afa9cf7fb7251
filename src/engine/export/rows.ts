/** A unit's tokens with all that a profile of token ids may say of them. */
import { tokenRow, type TokenRow } from '../../core/export/token-row.ts';
import { recordAdvantages, type PlannedExport } from './plan.ts';
import type { Convention } from '../../core/export/branches.ts';
import type { BranchUnit } from './units.ts';

export interface RowReader {
  /** @returns null where none of the unit's tokens carries loss */
  row(unit: BranchUnit): TokenRow | null;
  /** position -> advantage of those that carry loss there, 0 on tokens that nobody sampled; null where some are unknown */
  advantages(row: TokenRow): Float64Array | null;
  /** position -> log-prob of the policy, 0 on tokens that nobody sampled; null where some are unknown */
  logprobs(row: TokenRow): Float64Array | null;
}

export function makeRowReader(planned: PlannedExport, convention: Convention): RowReader {
  const { forest } = planned.ruling.problem;
  const advantage = recordAdvantages(planned);
  const { surprisal } = forest.channels;
  const column = ({ node, edge }: TokenRow, valueOf: (node: number, edge: number) => number): Float64Array | null => {
    const values = Float64Array.from(node, (n, i) => ((forest.sampledCount[n] ?? 0) === 0 ? 0 : valueOf(n, edge[i] ?? 0)));
    return values.some(Number.isNaN) ? null : values;
  };
  return {
    row: (unit) => tokenRow(forest, planned.plan, convention, unit.divisor, unit),
    advantages: (row) => column(row, (n) => advantage[n] ?? NaN),
    // Negated by a subtraction, because -0 would be written as such.
    logprobs: (row) => (surprisal === null ? null : column(row, (_, edge) => 0 - (surprisal[edge] ?? NaN))),
  };
}
