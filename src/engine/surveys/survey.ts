/**
 * What a survey is: one question to every rollout as it was decoded, asked by parse workers in records that are read again by address.
 * Only its findings leave a worker, so they are small: no rollout and no long text is kept.
 */
import type { RecordAddress } from '../../core/model/address.ts';
import type { Rollout } from '../../core/model/rollout.ts';

export interface Survey<Settings = unknown, Finding = unknown> {
  readonly id: string;
  /** @returns what is found in one rollout: plain data that survives structured clone. Never throws, whatever a log holds. */
  ask(settings: Settings): (rollout: Rollout) => Finding;
}

/** A survey with what it is asked about. Survives structured clone. */
export interface AskedSurvey {
  readonly id: string;
  readonly settings: unknown;
}

/** What was found in one rollout, which `start` and `member` of its address name. */
export interface Surveyed {
  readonly start: number;
  readonly member: number;
  readonly finding: unknown;
}

/** Gathers what a job finds, reply by reply. */
interface Surveying {
  take(rollout: Rollout, address: RecordAddress): void;
  /** What was found since the last time. */
  finish(): { readonly surveyed: readonly Surveyed[] };
}

export function makeSurveying(survey: Survey, settings: unknown): Surveying {
  const ask = survey.ask(settings);
  let surveyed: Surveyed[] = [];
  return {
    take: (rollout, { start, member }) => void surveyed.push({ start, member, finding: ask(rollout) }),
    finish() {
      const finished = { surveyed };
      surveyed = [];
      return finished;
    },
  };
}
