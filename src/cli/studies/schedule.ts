/** `espalier study schedule`: when rollouts generated, called tools and waited, and what other schedules would make of their work. */
import { CLUSTER_NAMES, CLUSTER_SETTINGS, clusterFault, clusterOf, DEFAULT_CLUSTER, type Cluster } from '../../core/schedule/settings.ts';
import { PHASES } from '../../core/schedule/phases.ts';
import { POLICIES } from '../../core/schedule/policies.ts';
import { TIME_KINDS } from '../../core/schedule/times.ts';
import { timelineCsv } from '../../engine/studies/schedule/timeline-csv.ts';
import type { ScheduleRuns, ScheduleTimes } from '../../engine/answers/schedule.ts';
import { readFlagFile } from '../flag-files.ts';
import { helpLines } from '../help-lines.ts';
import { print, printJson } from '../streams.ts';
import { flagOf, runsLines, timesLines, traceLines } from '../text/schedule.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const SETTINGS_HELP = CLUSTER_NAMES.map((name) => {
  const { label, unit, help, default: value } = CLUSTER_SETTINGS[name];
  return helpLines(`--${flagOf(name)} N`, `${label}, ${unit} (default ${value}). ${help}`);
}).join('\n');

export const schedule: StudyCommand = {
  id: 'schedule',
  about: 'when rollouts generated, called tools and waited; what other schedules would make of it',
  help: `
Intervals of generation, of tools and of waiting from the times of the log, with what was idle between them; then a simulation, event by
event, of the same work on a cluster: ${POLICIES.map(({ label }) => label.toLowerCase()).join('; ')}.
ARCHITECTURE.md ("Schedules") says what is counted and what is assumed.

${SETTINGS_HELP}
  --times-only           no simulation
  --trace FILE           what the processes of a trainer did as well, by its Chrome trace (slime; JSON, or JSON in gzip)
  --csv                  print the intervals as CSV: rollout, task, kind, start, end, seconds
`,
  options: {
    ...Object.fromEntries(CLUSTER_NAMES.map((name) => [flagOf(name), { type: 'string' as const }])),
    'times-only': { type: 'boolean' },
    csv: { type: 'boolean' },
    trace: { type: 'string' },
  },
  check: (flags) => {
    if (flags['csv'] === true && flags['json'] === true)
      throw new UsageError('--json and --csv both go to standard output; give one of them');
    clusterOfFlags(flags);
  },
  async run({ studies }, flags, json) {
    const times = await studies.scheduleTimes();
    if (flags['csv'] === true) {
      print(...timelineCsv(times).trimEnd().split('\r\n'));
      return times.timeline.rollout.length > 0 ? 0 : 1;
    }
    const trace = typeof flags['trace'] === 'string' ? studies.scheduleTrace(readFlagFile('--trace', flags['trace'])) : null;
    if (trace?.ok === false) throw new UsageError(`--trace: ${trace.why}`);
    const runs = flags['times-only'] === true ? null : await studies.scheduleRuns(clusterOfFlags(flags));
    if (json) printJson({ ...report(times, runs), ...(trace === null ? {} : { trace: { ...trace, phases: PHASES } }) });
    else print(...timesLines(times), ...(runs === null ? [] : runsLines(runs)), ...(trace === null ? [] : traceLines(trace)));
    return times.timeline.rollout.length > 0 || runs?.ok === true ? 0 : 1;
  },
};

/** Throws where a flag is no number, or out of its bounds. */
function clusterOfFlags(flags: StudyFlags): Cluster {
  const cluster = clusterOf((name) => {
    const text = flags[flagOf(name)];
    return text === undefined ? DEFAULT_CLUSTER[name] : Number(text);
  });
  const fault = clusterFault(cluster);
  if (fault !== null) throw new UsageError(fault);
  return cluster;
}

/** JSON has no NaN: what is unknown is null. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function report(times: ScheduleTimes, runs: ScheduleRuns | null): object {
  const { timeline, names, tasks: _, ...counts } = times;
  const { figures } = timeline;
  return {
    ...counts,
    work: { ...counts.work, rate: known(counts.work.rate) },
    timeline: {
      ...figures,
      seconds: Object.fromEntries(TIME_KINDS.map((kind, i) => [kind, figures.seconds[i]])),
      utilisation: known(figures.utilisation),
      origin: known(timeline.origin),
      path: {
        rollouts: figures.path.rows.map((row) => names[row]),
        seconds: Object.fromEntries(TIME_KINDS.map((kind, i) => [kind, figures.path.seconds[i]])),
        gaps: figures.path.gaps,
      },
    },
    ...(runs === null ? {} : { simulation: runs }),
  };
}
