/** What a parse job gathers from rollouts in place of their tokens: places in texts, or answers to a survey. */
import type { RecordAddress } from '../../core/model/address.ts';
import type { Rollout } from '../../core/model/rollout.ts';
import type { ParseJob, ParseReply } from '../parse-job.ts';
import { makeFinding } from '../search/look.ts';
import { surveyById } from './registry.ts';
import { makeSurveying } from './survey.ts';

export interface Finding {
  take(rollout: Rollout, address: RecordAddress): void;
  /** What was found since the last time. */
  finish(): Pick<ParseReply, 'found' | 'surveyed'>;
}

/** Null where a job tokenises. */
export function findingOf({ look, survey }: ParseJob): Finding | null {
  if (survey !== undefined) return makeSurveying(surveyById(survey.id), survey.settings);
  return look === undefined ? null : makeFinding(look);
}
