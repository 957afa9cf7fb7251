/**
 * The verbs of a session about what else its sources describe (docs/seeds.md). Each study has a folder with its verbs; here they are
 * put together.
 */
import type { Budget } from '../../core/model/rule.ts';
import type { ExportSpec } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import type { ExportGrounds, PlannedExport } from '../export/plan.ts';
import type { Orders } from '../orders.ts';
import type { SessionRollouts } from '../rollouts/session-rollouts.ts';
import type { ModelColumns } from '../score/model-columns.ts';
import type { SessionSearch } from '../search/session-search.ts';
import type { Surveys } from '../surveys/session-surveys.ts';
import { makeSessionCandidates, type SessionCandidates } from './candidates/session-candidates.ts';
import { makeSessionErrors, type SessionErrors } from './errors/session-errors.ts';
import { makeSessionChoices, type SessionChoices } from './choices/session-choices.ts';
import { makeSessionCoverage, type SessionCoverage } from './coverage/session-coverage.ts';
import { makeSessionEmergence, type EmergenceVerbs } from './emergence/session-emergence.ts';
import { makeSessionRounds, type SessionRounds } from './rounds/session-rounds.ts';
import { makeSessionSchedule, type SessionSchedule } from './schedule/session-schedule.ts';
import { makeSessionPrefixCost, type SessionPrefixCost } from './prefix-cost/session-prefix-cost.ts';
import { makeSessionTruths, type SessionTruths } from './truths/session-truths.ts';

/** What studies need of a session. */
export interface StudyContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly surveys: Surveys;
  readonly rollouts: Pick<SessionRollouts, 'rollouts'>;
  /** What an export would write, with what it rests on got ready. Rejects where nothing is open, or the order is gone. */
  readonly plan: (orderId: number, budget: Budget, spec: ExportSpec, signal: AbortSignal) => Promise<PlannedExport>;
  /** What any export reads and writes with. Throws where nothing is open. */
  readonly exporting: () => ExportGrounds;
  readonly orders: Pick<Orders, 'of' | 'keepOf'>;
  readonly search: Pick<SessionSearch, 'where'>;
  /** Entropy by a language model, and a number that changes with it. */
  readonly model: () => ModelColumns | null;
  readonly scoreVersion: () => number;
  /** Begins a question of a study: ends the question before of the same study, and is ended by `stopStudy`. */
  readonly begin: (study: string) => AbortSignal;
}

export interface SessionStudies
  extends
    SessionCoverage,
    SessionErrors,
    SessionRounds,
    SessionSchedule,
    SessionPrefixCost,
    SessionCandidates,
    SessionChoices,
    SessionTruths,
    EmergenceVerbs {
  /** Ends what a study is asked: the question rejects with `AbortError`. */
  stopStudy(study: string): void;
}

export function makeSessionStudies(session: Omit<StudyContext, 'begin'>): SessionStudies {
  const running = new Map<string, AbortController>();
  const context: StudyContext = {
    ...session,
    begin(study) {
      running.get(study)?.abort();
      const job = new AbortController();
      running.set(study, job);
      return job.signal;
    },
  };
  const candidates = makeSessionCandidates(context);
  return {
    stopStudy: (study) => running.get(study)?.abort(),
    ...candidates.verbs,
    ...makeSessionChoices(context, candidates.answer),
    ...makeSessionCoverage(context),
    ...makeSessionErrors(context),
    ...makeSessionRounds(context),
    ...makeSessionSchedule(context),
    ...makeSessionPrefixCost(context),
    ...makeSessionTruths(context),
    ...makeSessionEmergence(context),
  };
}
