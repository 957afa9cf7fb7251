/** What every error rule hits in a rollout, whichever rules are on: the choice among them is made on the findings. */
import { findErrors, type RolloutErrors } from '../../core/errors/find.ts';
import { ERROR_RULES } from '../../core/errors/registry.ts';
import type { Survey } from './survey.ts';

export const errors: Survey<null, RolloutErrors> = {
  id: 'errors',
  ask: () => (rollout) => findErrors(rollout, ERROR_RULES),
};
