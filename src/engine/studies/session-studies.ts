/**
 * The verbs of a session about what else its sources describe (docs/seeds.md). Each study has a folder with its verbs; here they are
 * put together.
 */
import { makeSessionCandidates, type SessionCandidates } from './candidates/session-candidates.ts';
import { makeSessionErrors, type SessionErrors } from './errors/session-errors.ts';
import { makeSessionChoices, type SessionChoices } from './choices/session-choices.ts';
import { makeSessionCoverage, type SessionCoverage } from './coverage/session-coverage.ts';
import { makeSessionEmergence, type EmergenceVerbs } from './emergence/session-emergence.ts';
import { makeSessionRounds, type SessionRounds } from './rounds/session-rounds.ts';
import { makeSessionSchedule, type SessionSchedule } from './schedule/session-schedule.ts';
import { makeSessionPrefixCost, type SessionPrefixCost } from './prefix-cost/session-prefix-cost.ts';
import { makeSessionTruths, type SessionTruths } from './truths/session-truths.ts';
import type { StudyContext } from './study-context.ts';

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
