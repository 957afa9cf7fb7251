/** Schedules as lines of text: what was observed, what there is to draw from, and what each policy would take. */
import type { OverSeeds, PolicyResult } from '../../core/schedule/compare.ts';
import { PHASES } from '../../core/schedule/phases.ts';
import { POLICIES } from '../../core/schedule/policies.ts';
import { CLUSTER_NAMES, type ClusterName } from '../../core/schedule/settings.ts';
import type { TimelineFigures } from '../../core/schedule/timeline.ts';
import { TIME_KINDS } from '../../core/schedule/times.ts';
import type { MeasuredWork, ScheduleRuns, ScheduleTimes, ScheduleTrace, Spread } from '../../engine/answers/schedule.ts';
import { counted, countText, shareText } from './figures.ts';

/** `trainRate` is `--train-rate`. */
export function flagOf(name: ClusterName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function number(value: number, digits = 1): string {
  return Number.isNaN(value) ? 'unknown' : value.toLocaleString('en', { maximumFractionDigits: digits });
}

function seconds(value: number): string {
  return `${number(value)} s`;
}

export function timesLines({ timeline, rollouts, withoutTimes, unasked, beyond, unread, events, work }: ScheduleTimes): string[] {
  const { figures } = timeline;
  const out = [`${countText(figures.rollouts)} of ${counted(rollouts, 'rollout')} with times, ${counted(figures.intervals, 'interval')}`];
  if (withoutTimes > 0) out.push(`  ${counted(withoutTimes, 'rollout')} without: no two events of theirs have times, and none a duration`);
  if (unasked > 0) out.push(`  ${counted(unasked, 'rollout')} not asked: ${unread === null ? 'no messages' : unread.why}`);
  if (beyond > 0) out.push(`  ${counted(beyond, 'rollout')} with more intervals than a timeline holds, in no figure below`);
  if (events.untimed + events.backwards + events.unplaced > 0) {
    const counts = `${countText(events.untimed)} have no time, ${countText(events.backwards)} one before the event before`;
    out.push(`  of ${counted(events.all, 'event')}, ${counts}, ${countText(events.unplaced)} a duration and no time`);
  }
  return [...out, ...(figures.rollouts > 0 ? ['', ...observedLines(figures)] : []), '', ...workLines(work)];
}

function observedLines({ seconds: byKind, span, covered, mostOpen, slots, bubbles, utilisation, path }: TimelineFigures): string[] {
  const total = sum(byKind);
  const onPath = sum(path.seconds);
  const rows: (readonly [string, string])[] = TIME_KINDS.map((kind, k) => {
    const own = byKind[k] ?? 0;
    return [kind, `${seconds(own)} (${shareText(own / total)} of rollout time)`];
  });
  rows.push(['span', `${seconds(span)}, of which ${seconds(covered)} with a rollout open`]);
  rows.push(['at once', `at most ${countText(mostOpen)} open, ${countText(slots)} generating`]);
  const fewer = `${seconds(bubbles.seconds)} with fewer than ${countText(slots)} generating`;
  rows.push(['bubbles', `${counted(bubbles.count, 'stretch', 'stretches')}, ${fewer}`]);
  rows.push(['utilisation', Number.isNaN(utilisation) ? 'unknown' : shareText(utilisation)]);
  const share = shareText((path.seconds[0] ?? 0) / onPath);
  const chain = `${counted(path.rows.length, 'rollout')} one after the other: ${seconds(onPath)}`;
  rows.push(['path', `${chain}, of it ${share} generation; ${seconds(path.gaps)} between them`]);
  return ['Observed', ...rows.map(([name, text]) => `  ${name.padEnd(12)}${text}`)];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function workLines({ rollouts, leftOut, turns, tokensPerTurn, rest, unknownRests, rate, timedTurns, allTurns }: MeasuredWork): string[] {
  const without = leftOut > 0 ? `, ${countText(leftOut)} without turns or tokens` : '';
  return [
    `Work: ${counted(rollouts, 'rollout')} to draw from${without}`,
    `  turns             ${spread(turns)}`,
    `  tokens per turn   ${spread(tokensPerTurn)}`,
    `  tools after turns ${spread(rest, ' s')}; unknown after ${countText(unknownRests)}`,
    `  generation        ${number(rate)} tokens/s, on ${countText(timedTurns)} of ${counted(allTurns, 'turn')}`,
  ];
}

function spread({ count, mean, median, p90, most }: Spread, unit = ''): string {
  if (count === 0) return 'none known';
  const [middle, tenth, last] = [median, p90, most].map((value) => `${number(value)}${unit}`);
  return `mean ${number(mean)}${unit}, median ${middle}, nine tenths at most ${tenth}, most ${last}`;
}

function over({ mean, low, high }: OverSeeds, digits = 2): string {
  return `${number(mean, digits)} (${number(low, digits)} to ${number(high, digits)})`;
}

export function runsLines(runs: ScheduleRuns): string[] {
  if (!runs.ok) return ['', `Not simulated: ${runs.why}`];
  const { cluster, comparison } = runs;
  const work = `${counted(comparison.rollouts, 'rollout')}, ${over(comparison.tokens, 0)} tokens, ${counted(cluster.seeds, 'seed')}`;
  return [
    '',
    `Simulated: ${work}; means with 95 % intervals`,
    `  assumed: ${CLUSTER_NAMES.map((name) => `--${flagOf(name)} ${cluster[name]}`).join(' ')}`,
    ...comparison.results.flatMap(policyLines),
  ];
}

function policyLines({ policy, makespan, throughput, toSeparated, toColocated, idle, byTag, lags }: PolicyResult): string[] {
  const tags = byTag.map(({ tag, nodes, idle: own }) => `${tag} (${counted(nodes, 'node')}) ${shareText(own.mean)}`);
  return [
    '',
    POLICIES.find(({ id }) => id === policy)?.label ?? policy,
    `  time         ${over(makespan, 0)} s, × ${over(toSeparated, 3)} of separated, × ${over(toColocated, 3)} of colocated`,
    `  throughput   ${over(throughput, 1)} tokens/s`,
    `  idle         ${shareText(idle.mean)} of all node time; ${tags.join(', ')}`,
    `  lag          ${lags.map((share, lag) => `${counted(lag, 'step')} ${shareText(share)}`).join(', ')} of the tokens`,
  ];
}

export function traceLines({ lanes, spans, events, others, unmatched }: Extract<ScheduleTrace, { ok: true }>): string[] {
  const rest = `${countText(others)} no spans, ${countText(unmatched)} without begin, end or time`;
  return [
    '',
    `Trace: ${counted(lanes.length, 'process', 'processes')}, ${counted(spans, 'span')} of ${counted(events, 'event')}; ${rest}`,
    ...lanes.map(({ lane, span, seconds: own }) => {
      const parts = PHASES.flatMap((phase, p) => ((own[p] ?? 0) > 0 ? [`${phase} ${shareText((own[p] ?? 0) / span)}`] : []));
      return `  ${lane.padEnd(10)} ${seconds(span)}: ${parts.join(', ')}`;
    }),
  ];
}
