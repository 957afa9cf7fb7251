/** Sentences about a timeline: what is not in it, and what an interval is. */
import type { ScheduleTimes } from '../../../engine/answers/schedule.ts';
import { asSentence, exact, plural } from '../../text/format.ts';

/** Names of TIME_KINDS, in its order, with what each is. */
export const KIND_WORDS: readonly (readonly [string, string])[] = [
  ['generation', 'A model wrote.'],
  ['tool', 'A tool ran.'],
  ['waiting', 'Whoever answers as a user does, or an environment.'],
  ['unknown', 'Nothing in the log says what was done.'],
];

/** What of the log is in no interval, a sentence each. */
export function timesWords({ timeline, rollouts, withoutTimes, unasked, beyond, unread, events }: ScheduleTimes): string[] {
  const out: string[] = [];
  if (timeline.rollout.length === 0 && rollouts > 0)
    out.push('No rollout of this log has times: formats that keep them are listed in docs/logs.md. The simulator below works without.');
  else if (withoutTimes > 0)
    out.push(`${plural(withoutTimes, 'rollout has', 'rollouts have')} no times: no two events with one, and none with a duration.`);
  const why = unread === null ? 'They hold no messages.' : asSentence(unread.why);
  if (unasked > 0) out.push(`${plural(unasked, 'rollout was', 'rollouts were')} not asked. ${why}`);
  if (beyond > 0) out.push(`${plural(beyond, 'rollout has', 'rollouts have')} more intervals than a timeline holds, and are in no figure.`);
  const { all, untimed, backwards, unplaced } = events;
  if (timeline.rollout.length > 0 && untimed + backwards + unplaced > 0)
    out.push(
      `Of ${plural(all, 'event')}, ${exact(untimed)} have no time, ${exact(backwards)} one before the event before, ` +
        `${exact(unplaced)} a duration and no time.`,
    );
  return out;
}

/** 4 s, 312 ms, 2 min 05 s */
export function lasting(seconds: number): string {
  if (seconds < 1) return `${exact(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${exact(Math.floor(whole / 3600))} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
