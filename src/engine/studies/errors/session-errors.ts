/** The verbs of a session about erroneous turns. */
import { findErrors } from '../../../core/errors/find.ts';
import { isCorrected, maskedTurns } from '../../../core/errors/masked.ts';
import { ERROR_RULES } from '../../../core/errors/registry.ts';
import { NONE } from '../../../core/model/kinds.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { writtenForest } from '../../../core/acts/acted-forest.ts';
import type { ErrorsAnswer, ErrorsAsked, TurnErrors } from '../../answers/errors.ts';
import { errorChoice } from '../../errors/choice.ts';
import { branchEndsOf } from '../../errors/event-ends.ts';
import { rolloutOf } from '../../rollouts/rollout-of.ts';
import { errors as survey } from '../../surveys/errors.ts';
import type { SurveyProgress } from '../../surveys/session-surveys.ts';
import { moved } from '../../transferables.ts';
import type { StudyContext } from '../study-context.ts';
import { errorFigures } from './figures.ts';

export interface SessionErrors {
  /** What each rule hits, and what masking takes of the loss. Rejects with AbortError after `stopStudy('errors')`. */
  errors(asked: ErrorsAsked, onProgress?: (progress: SurveyProgress) => void): Promise<ErrorsAnswer>;
  /**
   * What the rules that are on say of the turns of one branch, by event; none where the rollout has no messages.
   * Null: the open log has no such rollout.
   */
  turnErrors(key: RolloutKey, branch: number, asked: Omit<ErrorsAsked, 'of'>): Promise<readonly TurnErrors[] | null>;
}

export function makeSessionErrors({ dataset, surveys, begin, orders, exporting }: StudyContext): SessionErrors {
  return {
    async errors(asked, onProgress) {
      const found = await surveys.ask(survey, null, begin('errors'), onProgress);
      const ruling = asked.of === null ? null : orders.of(asked.of.orderId);
      const keep = asked.of === null ? null : orders.keepOf(asked.of.orderId, asked.of.budget);
      const { tokens, opening } = found.dataset;
      const forest = ruling === null ? tokens.forest : writtenForest(ruling.problem.forest, ruling.acted.resolved?.written ?? null);
      const { edgeStart } = tokens.forest;
      const withoutMessages = tokens.rollouts.filter(({ source }) => opening.inputs[source]?.format?.hasMessages !== true).length;
      return moved(
        errorFigures(
          {
            found,
            forest,
            eventEnds: branchEndsOf(tokens),
            tokensOf: keep?.train.trainedOf ?? ((n) => (edgeStart[n + 1] ?? 0) - (edgeStart[n] ?? 0)),
            withoutMessages,
            lineOf: (rollout) => tokens.rollouts[rollout]?.line ?? 0,
          },
          asked,
        ),
      );
    },
    async turnErrors(key, branch, asked) {
      const rollout = rolloutOf(dataset(), key);
      if (rollout === NONE) return null;
      const { tokens, opening } = dataset();
      const source = tokens.rollouts[rollout]?.source ?? NONE;
      if (opening.inputs[source]?.format?.hasMessages !== true) return [];
      const choice = errorChoice(asked);
      const found = findErrors(await exporting().readBack.rollout(rollout), ERROR_RULES);
      const masked = maskedTurns(found, choice);
      return found.places
        .filter((place) => place.branch === branch)
        .flatMap(({ turn, event }): TurnErrors[] => {
          const hits = found.hits.filter((hit) => hit.turn === turn && choice.rules.has(hit.rule));
          if (hits.length === 0) return [];
          const rules = hits.map((hit) => ({
            label: ERROR_RULES.find(({ id }) => id === hit.rule)?.label ?? hit.rule,
            tool: hit.tool,
            correctedBy: isCorrected(hit, choice) ? (hit.corrected?.turn ?? null) : null,
          }));
          return [{ event, turn, isMasked: masked.has(turn), rules }];
        })
        .sort((a, b) => a.event - b.event);
    },
  };
}
