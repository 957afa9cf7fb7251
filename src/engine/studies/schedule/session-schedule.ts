/** The verbs of a session about schedules: when the open log's rollouts ran, and what a cluster would make of their work. */
import { comparePolicies } from '../../../core/schedule/compare.ts';
import { POLICIES } from '../../../core/schedule/policies.ts';
import { clusterFault, MOST_TURNS, type Cluster } from '../../../core/schedule/settings.ts';
import { MOST_INTERVALS, timelineOf } from '../../../core/schedule/timeline.ts';
import type { RolloutTimes } from '../../../core/schedule/times.ts';
import type { ScheduleRuns, ScheduleTimes, ScheduleTrace } from '../../answers/schedule.ts';
import type { SurveyFindings, SurveyProgress } from '../../surveys/session-surveys.ts';
import { times } from '../../surveys/times.ts';
import { moved } from '../../transferables.ts';
import type { StudyContext } from '../study-context.ts';
import { readTrace } from './trace.ts';
import { workOf, type Work } from './work.ts';

export interface SessionSchedule {
  /** Intervals of generation, tools and waiting of every rollout, with their figures. Reads records again; `stopStudy('schedule')`. */
  scheduleTimes(onProgress?: (progress: SurveyProgress) => void): Promise<ScheduleTimes>;
  /** All policies on a cluster, with work drawn from the open log. Ended by `stopStudy('schedule-runs')`. */
  scheduleRuns(cluster: Cluster, onRun?: (done: number, total: number) => void): Promise<ScheduleRuns>;
  /** What the processes of a trainer did, by its trace (Chrome trace events, as slime writes them): the bytes of a file, packed or not. */
  scheduleTrace(bytes: Uint8Array): ScheduleTrace;
}

interface Asked {
  readonly findings: SurveyFindings<RolloutTimes>;
  readonly work: Work;
}

/** A thread that simulates hears Cancel this often. */
const TURN_MS = 50;

export function makeSessionSchedule({ surveys, rollouts, begin }: StudyContext): SessionSchedule {
  const workOfFindings = new WeakMap<SurveyFindings<RolloutTimes>, Work>();
  const ask = async (signal: AbortSignal, onProgress?: (progress: SurveyProgress) => void): Promise<Asked> => {
    const findings = await surveys.ask(times, null, signal, onProgress);
    const work = workOfFindings.get(findings) ?? workOf(findings.of, sampledOf(rollouts.rollouts()));
    workOfFindings.set(findings, work);
    return { findings, work };
  };
  return {
    scheduleTrace: readTrace,
    async scheduleTimes(onProgress) {
      const { findings, work } = await ask(begin('schedule'), onProgress);
      return timesAnswer(findings, work);
    },
    async scheduleRuns(cluster, onRun) {
      const fault = clusterFault(cluster);
      if (fault !== null) return { ok: false, why: fault };
      const signal = begin('schedule-runs');
      const { work } = await ask(signal);
      if (work.profiles.length === 0) return { ok: false, why: 'no rollout of the open log has turns and sampled tokens' };
      const runs = cluster.seeds * POLICIES.length;
      const turns = Math.round(cluster.steps * cluster.batch * work.measured.turns.mean * runs);
      if (turns > MOST_TURNS)
        return {
          ok: false,
          why: `expected at most ${MOST_TURNS} turns in all runs, found about ${turns}: fewer steps, rollouts or seeds`,
        };
      let last = performance.now();
      const pause = async (): Promise<void> => {
        if (performance.now() - last > TURN_MS) {
          await new Promise<void>((resolve) => setTimeout(resolve));
          last = performance.now();
        }
        signal.throwIfAborted();
      };
      return { ok: true, cluster, comparison: await comparePolicies(cluster, work.profiles, onRun, pause) };
    },
  };
}

function sampledOf({ columns }: ReturnType<StudyContext['rollouts']['rollouts']>): ArrayLike<number> {
  const column = columns.find(({ id }) => id === 'sampled');
  return column?.type === 'number' ? column.values : [];
}

function timesAnswer({ dataset, of, unread }: SurveyFindings<RolloutTimes>, { measured }: Work): ScheduleTimes {
  const events = { all: 0, untimed: 0, backwards: 0, unplaced: 0 };
  let [withoutTimes, unasked, beyond, intervals] = [0, 0, 0, 0];
  const drawn = of.map((own) => {
    if (own === null) {
      unasked++;
      return null;
    }
    events.all += own.events;
    events.untimed += own.untimed;
    events.backwards += own.backwards;
    events.unplaced += own.unplaced;
    if (own.kinds.length === 0) withoutTimes++;
    else if (intervals + own.kinds.length > MOST_INTERVALS) beyond++;
    else {
      intervals += own.kinds.length;
      return own;
    }
    return null;
  });
  const timeline = timelineOf(drawn);
  const rows = Array.from(timeline.rollout, (rollout) => dataset.tokens.rollouts[rollout]);
  return moved({
    timeline,
    names: rows.map((row) => row?.id ?? ''),
    tasks: rows.map((row) => row?.taskLabel ?? ''),
    rollouts: of.length,
    withoutTimes,
    unasked,
    beyond,
    unread,
    events,
    work: measured,
  });
}
