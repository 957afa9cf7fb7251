/** `espalier study candidates`: what choosing among the answers to each task would solve. */
import {
  DEFAULT_CANDIDATES,
  type CandidateAnswer,
  type CandidatesAnswer,
  type CandidateTask,
  type ChoiceCurve,
} from '../../engine/answers/candidates.ts';
import { JUDGE_RANKING } from '../../engine/judge/judge-scores.ts';
import { note, print, printJson } from '../streams.ts';
import { counted } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import { candidatesJson } from './candidates-json.ts';
import { checkChoices, CHOICE_HELP, CHOICE_OPTIONS, writeChoices } from './choice-flags.ts';
import { askJudge, JUDGE_HELP, JUDGE_OPTIONS, judgeCall } from './judge-flags.ts';
import type { StudyCommand } from './study.ts';

const BY = 'votes';

export const candidates: StudyCommand = {
  id: 'candidates',
  about: 'pass@k, and what choosing one of several patches by a ranking would solve',
  help: `
Candidates are the patches that rollouts handed in, and those in files beside them (predictions, lists of patches). Those that are equal
but for white space and comments are one group, with as many votes as it has members. For n = 1, 2, … the table says how often the
candidate that a ranking puts first among n, drawn without replacement, solves its task: the mean over tasks, with 95 % intervals. pass@k
is the same for one who knows the outcomes (Chen et al. 2021).

  --rank NAME            what candidates are listed and chosen by: votes, tests, logprob, entropy, judge, or column:ID for a column of
                         rollouts, such as column:field.score, of which the largest is best (column:-ID: the smallest). Default: judge
                         where one is asked, else votes
  --text                 compare by text alone, not by syntax
  --filter               first leave out what passes fewer tests than the best of its task
  --tasks                list every task with its candidates
${CHOICE_HELP}
${JUDGE_HELP}`,
  options: {
    rank: { type: 'string' },
    text: { type: 'boolean' },
    filter: { type: 'boolean' },
    tasks: { type: 'boolean' },
    ...CHOICE_OPTIONS,
    ...JUDGE_OPTIONS,
  },
  check(flags) {
    checkChoices(flags);
    judgeCall(flags);
  },
  async run(dataset, flags, json) {
    const call = judgeCall(flags);
    const asked = typeof flags['rank'] === 'string' ? flags['rank'] : call === null ? BY : JUDGE_RANKING;
    const plain = { ...DEFAULT_CANDIDATES, syntax: flags['text'] !== true, filter: flags['filter'] === true };
    const column = dataset.studies.columnScores(asked);
    const judged = call === null ? null : await askJudge(dataset, plain, call);
    const question = { ...plain, scores: [column, judged?.list ?? null].filter((list) => list !== null) };
    const answer = await dataset.studies.candidates(question);
    for (const fault of answer.faults) note(fault);
    if (answer.tasks.length === 0) {
      note('no rollout and no file beside the logs holds a patch');
      return 1;
    }
    const rank = answer.rankings.findIndex(({ id }) => id === asked);
    if (rank < 0) throw new UsageError(`--rank ${asked}: the rankings of this log are ${answer.rankings.map(({ id }) => id).join(', ')}`);
    const chosen = await writeChoices(dataset, question, asked, flags);
    const more = { ...(judged !== null && { judge: judged.report }), ...(chosen !== null && { chosen }) };
    if (json) printJson({ ...candidatesJson(answer, asked), ...more });
    else
      print(
        ...summary(answer),
        '',
        ...curves(answer),
        ...(flags['tasks'] === true ? answer.tasks.flatMap((task) => ['', ...listed(task, rank)]) : []),
      );
    return 0;
  },
};

function summary({ tasks, counts }: CandidatesAnswer): string[] {
  const {
    candidates,
    groups,
    resolved,
    failed,
    unknown,
    filtered,
    without,
    named: only,
    unknownTasks,
    partlyKnown,
    bySyntax,
    byText,
  } = counts;
  const named = (rows: readonly number[]): string => rows.map((row) => tasks[row]?.task ?? '').join(', ');
  return [
    `${counted(tasks.length, 'task')}, ${counted(candidates, 'candidate')} in ${counted(groups, 'group')}`,
    `${resolved} resolved, ${failed} failed, ${unknown} of unknown outcome`,
    `files of patches: ${bySyntax} compared by syntax, ${byText} by text`,
    ...(filtered > 0 ? [`left out by the filter: ${filtered}`] : []),
    ...(without > 0 ? [`rollouts without a patch in their log: ${without}`] : []),
    ...(only > 0 ? [`answers that files only name, without a patch: ${only}`] : []),
    ...(unknownTasks.length > 0 ? [`in no figure, no outcome is known: ${unknownTasks.length} (${named(unknownTasks)})`] : []),
    ...(partlyKnown.length > 0 ? [`figures rest on the candidates of known outcome: ${partlyKnown.length} (${named(partlyKnown)})`] : []),
  ];
}

const WIDTH = 28;

function curves({ rankings, pass }: CandidatesAnswer): string[] {
  const columns: readonly (readonly [string, ChoiceCurve])[] = [
    ['pass@n', pass],
    ...rankings.map(({ label, curve }) => [label, curve] as const),
  ];
  const row = (head: string, cell: (curve: ChoiceCurve, label: string) => string): string =>
    (head + columns.map(([label, curve]) => cell(curve, label).padEnd(WIDTH)).join('')).trimEnd();
  return [
    row('   n  tasks  ', (_, label) => label),
    ...Array.from(pass.tasks, (tasks, n) =>
      row(`${String(n + 1).padStart(4)} ${String(tasks).padStart(6)}  `, (curve) => figure(curve, n, tasks)),
    ),
  ];
}

/** @param of tasks of the first column: another number is said */
function figure({ mean, low, high, tasks }: ChoiceCurve, n: number, of: number | undefined): string {
  const percent = (value: number | undefined): string => ((value ?? Number.NaN) * 100).toFixed(1);
  if (Number.isNaN(mean[n] ?? Number.NaN)) return '–';
  const interval = Number.isNaN(low[n] ?? Number.NaN) ? '' : ` (${percent(low[n])}–${percent(high[n])})`;
  return `${percent(mean[n])} %${interval}${tasks[n] === of ? '' : ` of ${tasks[n]}`}`;
}

function listed({ task, candidates, groups }: CandidateTask, rank: number): string[] {
  const score = (c: number): number => candidates[c]?.scores[rank] ?? Number.NaN;
  const order = candidates.map((_, c) => c).sort((a, b) => orderOf(score(a), score(b)) || a - b);
  return [
    `${task}: ${counted(candidates.length, 'candidate')} in ${counted(groups.length, 'group')}`,
    ...order.map((c) => lineOf(candidates[c]!, score(c))),
  ];
}

function lineOf({ name, outcome, group, file }: CandidateAnswer, score: number): string {
  const cells = [
    outcome.padEnd(9),
    (group < 0 ? '–' : `group ${group + 1}`).padEnd(9),
    (Number.isNaN(score) ? '–' : String(score)).padStart(8),
    '',
    name,
    name.startsWith(file) ? '' : file,
  ];
  return `  ${cells.join(' ')}`.trimEnd();
}

function orderOf(a: number, b: number): number {
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || (a > b ? -1 : Number(a < b));
}
