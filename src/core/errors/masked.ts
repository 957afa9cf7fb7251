/** Which turns of a rollout carry no loss: those that a rule that is on hits, unless a correction lets them train. */
import { ERROR_RULES } from './registry.ts';
import type { ErrorHit, RolloutErrors } from './find.ts';

/**
 * What corrections change. `mask`: nothing, every turn that is hit is masked. `recovery`: a turn that corrects an earlier one trains,
 * where only rules of habit hit it, such as a call made again. `keep`: besides, a turn trains whose hits are all corrected.
 */
export type Corrections = 'mask' | 'recovery' | 'keep';

export interface ErrorChoice {
  /** Ids of the rules that are on. */
  readonly rules: ReadonlySet<string>;
  readonly corrections: Corrections;
  /** Turns within which a correction has to come. */
  readonly within: number;
}

/** Whether a hit is corrected as far as the choice goes. */
export function isCorrected({ corrected }: Pick<ErrorHit, 'corrected'>, { within }: Pick<ErrorChoice, 'within'>): boolean {
  return corrected !== null && corrected.after <= within;
}

/** turn that is masked -> the rules that are on and hit it */
export function maskedTurns({ hits }: Pick<RolloutErrors, 'hits'>, choice: ErrorChoice): Map<number, ReadonlySet<string>> {
  const habits = new Set(ERROR_RULES.flatMap(({ id, judges }) => (judges === 'habit' ? [id] : [])));
  const on = hits.filter(({ rule }) => choice.rules.has(rule));
  const correctors = new Set(on.flatMap((hit) => (isCorrected(hit, choice) && hit.corrected !== null ? [hit.corrected.turn] : [])));
  const byTurn = new Map<number, ErrorHit[]>();
  for (const hit of on) byTurn.set(hit.turn, [...(byTurn.get(hit.turn) ?? []), hit]);
  const masked = new Map<number, ReadonlySet<string>>();
  for (const [turn, own] of byTurn) {
    if (choice.corrections !== 'mask' && correctors.has(turn) && own.every(({ rule }) => habits.has(rule))) continue;
    if (choice.corrections === 'keep' && own.every((hit) => isCorrected(hit, choice))) continue;
    masked.set(turn, new Set(own.map(({ rule }) => rule)));
  }
  return masked;
}
