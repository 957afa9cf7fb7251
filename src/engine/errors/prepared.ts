/** What the error rules found in a log, got ready before an export is planned: planning itself reads nothing. */
import type { RolloutErrors } from '../../core/errors/find.ts';
import type { Unsearched } from '../answers/searching.ts';
import type { ExportSpec } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import { recordSettings } from '../export/record-settings.ts';
import { errors } from '../surveys/errors.ts';
import type { Surveys } from '../surveys/session-surveys.ts';
import { errorChoice, isOfMarks } from './choice.ts';

export interface FoundErrors {
  /** rollout -> what was found in it; null: it has no messages, or could not be read again */
  readonly of: readonly (RolloutErrors | null)[];
  readonly unread: Unsearched | null;
}

/** By the rows of a dataset: those of its forest under acts are the same. */
const prepared = new WeakMap<Dataset['tokens']['rollouts'], FoundErrors>();

/** Whether the turns that are masked are told by the rules, and not by the marks of tokens alone. */
export function needsErrors(spec: ExportSpec): boolean {
  return spec.maskErrors && !isOfMarks(errorChoice(recordSettings(spec)));
}

/** Reads the log anew where the spec needs it, once; throws for settings that are none. Rejects as `Surveys.ask` does. */
export async function prepareErrors(surveys: Surveys, dataset: () => Dataset, spec: ExportSpec, signal: AbortSignal): Promise<void> {
  if (!needsErrors(spec) || prepared.has(dataset().tokens.rollouts)) return;
  const { dataset: asked, of, unread } = await surveys.ask(errors, null, signal);
  prepared.set(asked.tokens.rollouts, { of, unread });
}

/** Throws where nothing was got ready. */
export function preparedErrors({ tokens }: Dataset): FoundErrors {
  const found = prepared.get(tokens.rollouts);
  if (found === undefined) throw new Error('error rules have not looked at the log yet: ask prepareErrors first');
  return found;
}
