/** What the session says of when rollouts ran, and of what other schedules would make of them. */
import type { Comparison } from '../../core/schedule/compare.ts';
import type { LanePhases } from '../../core/schedule/phases.ts';
import type { Cluster } from '../../core/schedule/settings.ts';
import type { Timeline } from '../../core/schedule/timeline.ts';
import type { Unsearched } from './searching.ts';

/** Numbers of a list, as they are. NaN where it is empty. */
export interface Spread {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly median: number;
  /** The smallest that is at least as large as nine tenths of them. */
  readonly p90: number;
  readonly most: number;
}

/** What of the open log goes into a simulation. */
export interface MeasuredWork {
  /** Rollouts with turns and sampled tokens: those that are drawn. */
  readonly rollouts: number;
  /** Rollouts without either, or that were not read: never drawn. */
  readonly leftOut: number;
  readonly turns: Spread;
  /** Of a rollout's sampled tokens a turn has the share that it has of its ids, or of its text's length. */
  readonly tokensPerTurn: Spread;
  /** Seconds of tools and waiting after a turn, where another follows and the log tells of it. */
  readonly rest: Spread;
  /** Turns that another follows, of whose rest the log tells nothing. */
  readonly unknownRests: number;
  /** Tokens a second of generation, over all turns whose seconds are known; NaN: none are. */
  readonly rate: number;
  readonly timedTurns: number;
  readonly allTurns: number;
}

export interface ScheduleTimes {
  readonly timeline: Timeline;
  /** row of the timeline -> id and task of its rollout */
  readonly names: readonly string[];
  readonly tasks: readonly string[];
  /** Of the open log. */
  readonly rollouts: number;
  /** Their events have no two times, or no duration. */
  readonly withoutTimes: number;
  /** They were not asked: no messages, or their records could not be read again. */
  readonly unasked: number;
  /** Beyond `MOST_INTERVALS`: in no figure of the timeline. */
  readonly beyond: number;
  readonly unread: Unsearched | null;
  /** Events of those that were asked; those without a time; those before the event before them; those with a duration and no time. */
  readonly events: { readonly all: number; readonly untimed: number; readonly backwards: number; readonly unplaced: number };
  readonly work: MeasuredWork;
}

export type ScheduleRuns =
  | { readonly ok: true; readonly cluster: Cluster; readonly comparison: Comparison }
  /** Why nothing was simulated, in a sentence. */
  | { readonly ok: false; readonly why: string };

/** What the processes of a trainer did, by its trace. */
export type ScheduleTrace =
  | {
      readonly ok: true;
      readonly lanes: readonly LanePhases[];
      readonly spans: number;
      readonly events: number;
      /** Events that are no spans, such as counters. */
      readonly others: number;
      /** Without the event that begins or ends them, or without a time. */
      readonly unmatched: number;
    }
  | { readonly ok: false; readonly why: string };
