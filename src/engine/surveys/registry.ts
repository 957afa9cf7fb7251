/** All surveys, by id. A member says what it looks for; whoever asks it gives its own type of settings and findings. */
import { axes } from './axes.ts';
import { calls } from './calls.ts';
import { errors } from './errors.ts';
import { madeCalls } from './made-calls.ts';
import { asked, submissions } from './submissions.ts';
import type { Survey } from './survey.ts';
import { times } from './times.ts';

const SURVEYS: readonly Survey<never>[] = [axes, calls, errors, times, submissions, asked, madeCalls];

export function surveyById(id: string): Survey {
  const survey = SURVEYS.find((each) => each.id === id);
  if (survey === undefined) throw new Error(`no survey ${id}`);
  return survey;
}
