/** `espalier study truths`: rollouts beside the ground truths of their tasks. */
import type { TruthsAnswer, TruthStops } from '../../engine/answers/truths.ts';
import { TRUTH_GAPS } from '../../engine/answers/truths.ts';
import { fromLabel, GAP_WORDS } from '../../engine/words/truths.ts';
import { LONGEST_ANSWER } from '../../core/truths/answers.ts';
import { MOST_PATCH_LINES } from '../../core/truths/patches.ts';
import { RULE_FIELDS } from '../../core/rule/fields.ts';
import type { Correlation } from '../../core/truths/relative.ts';
import { DEFAULT_TRUTHS, TRUTH_CHOICE_NAMES, TRUTH_CHOICES, type TruthSettings } from '../../core/truths/settings.ts';
import { helpLines } from '../help-lines.ts';
import { print, printJson } from '../streams.ts';
import { counted, countText, shareText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const choiceLines = TRUTH_CHOICE_NAMES.map((name) => {
  const values = TRUTH_CHOICES[name];
  return helpLines(
    `--${name} ${name.toUpperCase()}`,
    values.map(({ id, help }, at) => `${id}${at === 0 ? ' (default)' : ''}: ${help}`).join(' '),
  );
});

const HELP = `
How far each rollout is from the nearest ground truth of its task, as the least cost of its calls beside those that would have been right
(ARCHITECTURE.md, "Ground truths"); the reward relative to it; how that goes with the reward of the log; and what it would have saved and
lost to stop rollouts that deviate. Ground truths are references of the log (tau2, tau-bench), of files beside it (BFCL, ADK), or rollouts.

${choiceLines.join('\n')}
  --chosen KEYS          for --from chosen: keys of rollouts, as espalier rollouts prints them, parted by commas
  --threshold CALLS      also list where each rollout deviates by more than so many calls (default 1)
  --csv                  print a line for each rollout as CSV
`;

export const truths: StudyCommand = {
  id: 'truths',
  about: 'discrepancy to ground truths, relative reward, early stopping',
  help: HELP,
  options: {
    ...Object.fromEntries([...TRUTH_CHOICE_NAMES, 'chosen', 'threshold'].map((name) => [name, { type: 'string' as const }])),
    csv: { type: 'boolean' },
  },
  check(flags) {
    settingsOf(flags);
    thresholdOf(flags);
    if (flags['csv'] === true && flags['json'] === true)
      throw new UsageError('--json and --csv both go to standard output; give one of them');
  },
  async run({ studies }, flags, json) {
    const settings = settingsOf(flags);
    const threshold = thresholdOf(flags);
    if (flags['csv'] === true) {
      print(...(await studies.truthsCsv(settings, threshold)).trimEnd().split('\r\n'));
      return 0;
    }
    const answer = await studies.truths(settings);
    const stops = await studies.truthStops(settings, threshold);
    if (json) printJson(report(answer, stops));
    else print(...lines(answer, stops));
    return answer.truths.length > 0 ? 0 : 1;
  },
};

function settingsOf(flags: StudyFlags): TruthSettings {
  const asked: Record<string, unknown> = {};
  for (const name of TRUTH_CHOICE_NAMES) {
    const value = flags[name];
    if (value === undefined) continue;
    if (!TRUTH_CHOICES[name].some(({ id }) => id === value))
      throw new UsageError(`--${name}: expected ${TRUTH_CHOICES[name].map(({ id }) => id).join(', ')}, found ${String(value)}`);
    asked[name] = value;
  }
  const chosen = typeof flags['chosen'] === 'string' ? flags['chosen'].split(',').map((key) => key.trim()) : [];
  const read = RULE_FIELDS.truths.read({ ...DEFAULT_TRUTHS, ...asked, chosen });
  if (read === undefined) throw new UsageError(`--chosen: expected keys of 16 hexadecimal digits, found ${String(flags['chosen'])}`);
  if ((read.from === 'chosen') !== chosen.length > 0) throw new UsageError('--from chosen and --chosen KEYS belong together');
  return read;
}

function thresholdOf({ threshold }: StudyFlags): number {
  const value = threshold === undefined ? 1 : Number(threshold);
  if (!(value >= 0 && value < 1e6)) throw new UsageError(`--threshold: expected a number of calls from 0 on, found ${String(threshold)}`);
  return value;
}

/** JSON has no NaN: what is unknown is null. */
function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function correlationOf(correlation: Correlation): object {
  return { ...correlation, pearson: known(correlation.pearson), spearman: known(correlation.spearman) };
}

function report({ rollouts, tasks, truths: rows, curve, correlations, ...answer }: TruthsAnswer, stops: TruthStops): object {
  const { overall, within, unknown } = correlations;
  return {
    ...answer,
    truthsOf: Array.from(answer.truthsOf),
    tasks,
    truths: rows,
    correlations: { overall: correlationOf(overall), within: correlationOf(within), unknown },
    curve: Object.fromEntries(Object.entries<ArrayLike<number>>({ ...curve }).map(([name, column]) => [name, Array.from(column)])),
    stops: { threshold: stops.threshold, all: stops.all, by_task: stops.byTask },
    rollouts: rollouts.keys.map((key, r) => ({
      key,
      id: rollouts.ids[r],
      task: rollouts.task[r],
      reward: known(rollouts.reward[r]),
      discrepancy: known(rollouts.discrepancy[r]),
      relative_reward: known(rollouts.relative[r]),
      unknown_because: TRUTH_GAPS[rollouts.gap[r] ?? -1] ?? null,
      is_truth: rollouts.isTruth[r] === 1,
      nearest: known(rollouts.nearest[r]),
      sampled: rollouts.sampled[r],
      stopped: stopOf(stops, r),
    })),
  };
}

function stopOf({ call, tool, node, saved }: TruthStops, r: number): object | null {
  const at = call[r] ?? -1;
  return at < 0 ? null : { call: at + 1, tool: tool[r], node: node[r], saved: saved[r] };
}

function lines(answer: TruthsAnswer, stops: TruthStops): string[] {
  const { curve, settings, correlations } = answer;
  const points = pointsToShow(curve.thresholds.length);
  const { stopped, falseStops, missed, saved } = stops.all;
  return [
    ...aboutTruths(answer),
    '',
    'relative reward and logged reward',
    `  over all: ${correlationText(correlations.overall)}`,
    `  within tasks: ${correlationText(correlations.within)}, ${counted(correlations.within.tasks, 'task')}`,
    ...(correlations.unknown > 0 ? [`  one of the two unknown: ${counted(correlations.unknown, 'rollout')}`] : []),
    '',
    ...aboutStopping(answer),
    '    calls >  stopped  false stops  missed  tokens saved',
    ...points.map((at) => curveLine(answer, at)),
    ...(curve.thresholds.length > SHOWN ? [`  (${SHOWN} of ${countText(curve.thresholds.length)} points; --json has all)`] : []),
    '',
    `at more than ${stops.threshold} calls: ${counted(stopped, 'rollout')} stopped, ${countText(falseStops)} of them had succeeded, ` +
      `${countText(missed)} failed unstopped, ${counted(saved, 'sampled token')} saved`,
    `as a reward for advantages: espalier prune --reward relative --truths ${RULE_FIELDS.truths.write(settings)}`,
  ];
}

function aboutTruths({
  rollouts,
  truths: rows,
  truthsOf,
  from,
  settings,
  elsewhere,
  answersCut,
  patchesCut,
  unread,
}: TruthsAnswer): string[] {
  const withTruth = truthsOf.filter((count) => count > 0).length;
  const known = rollouts.gap.filter((gap) => gap < 0).length;
  const gaps = TRUTH_GAPS.flatMap((gap, at) => {
    const count = rollouts.gap.filter((own) => own === at).length;
    return count === 0 ? [] : [`${countText(count)} (${GAP_WORDS[gap]})`];
  });
  const itself = rollouts.isTruth.filter((is) => is === 1).length;
  const never = settings.itself === 'counts' ? ': discrepancy 0, never stopped' : '';
  return [
    `ground truths: ${fromLabel(from)}; ${counted(rows.length, 'ground truth')} of ` +
      `${countText(withTruth)} of ${counted(truthsOf.length, 'task')}`,
    ...(itself > 0 ? [`  rollouts that are ground truths themselves: ${countText(itself)}${never}`] : []),
    ...(elsewhere > 0 ? [`  chosen keys that are not in this log: ${countText(elsewhere)}`] : []),
    `discrepancy known of ${countText(known)} of ${counted(rollouts.gap.length, 'rollout')}` +
      (gaps.length > 0 ? `; unknown of ${gaps.join(', ')}` : ''),
    ...(answersCut > 0 ? [`  ${counted(answersCut, 'final answer')} compared only up to ${countText(LONGEST_ANSWER)} characters`] : []),
    ...(patchesCut > 0
      ? [`  ${counted(patchesCut, 'final patch', 'final patches')} compared only up to ${countText(MOST_PATCH_LINES)} changed lines`]
      : []),
    ...(unread === null ? [] : [`  ${counted(unread.rollouts, 'rollout')} could not be read again: ${unread.why}`]),
  ];
}

function aboutStopping({ judged }: TruthsAnswer): string[] {
  const unknown = judged.unknown > 0 ? `, ${countText(judged.unknown)} without a reward` : '';
  return [
    `early stopping: ${counted(judged.rollouts, 'rollout')}, ${countText(judged.successes)} succeeded, ` +
      `${countText(judged.failures)} failed${unknown}; ${counted(judged.sampled, 'sampled token')}`,
    ...(judged.unplaced > 0
      ? [`  ${counted(judged.unplaced, 'rollout')} left out: the log does not say where messages end in tokens`]
      : []),
  ];
}

const SHOWN = 16;

/** Evenly spread, with the first and the last. */
function pointsToShow(points: number): readonly number[] {
  if (points <= SHOWN) return Array.from({ length: points }, (_, at) => at);
  return Array.from({ length: SHOWN }, (_, at) => Math.round((at * (points - 1)) / (SHOWN - 1)));
}

function curveLine({ curve, judged }: TruthsAnswer, at: number): string {
  const cells = [
    (curve.thresholds[at] ?? 0).toFixed(2).padStart(9),
    countText(curve.stopped[at] ?? 0).padStart(7),
    countText(curve.falseStops[at] ?? 0).padStart(11),
    countText(curve.missed[at] ?? 0).padStart(6),
    countText(curve.saved[at] ?? 0).padStart(12),
  ];
  const share = judged.sampled > 0 ? ` (${shareText((curve.saved[at] ?? 0) / judged.sampled)})` : '';
  return `  ${cells.join('  ')}${share}`;
}

function correlationText({ pearson, spearman, rollouts }: Correlation): string {
  const number = (value: number): string => (Number.isNaN(value) ? 'unknown (one does not vary)' : value.toFixed(3).replace('-', '−'));
  return `Pearson ${number(pearson)}, Spearman ${number(spearman)}, ${counted(rollouts, 'rollout')}`;
}
