/** docs/emergence.md: what the study finds in a few logs, as its tables. */
import { CHANCES } from '../../src/core/emergence/by-chance.ts';
import type { Budget } from '../../src/core/model/rule.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { PRESETS, presetRule } from '../../src/core/rule/presets.ts';
import type { EmergenceAnswer, SelectionAt } from '../../src/engine/answers/emergence.ts';
import type { Split } from '../../src/engine/answers/statistics.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import type { Session } from '../../src/engine/session.ts';
import {
  CHANCE_WORDS,
  describe,
  differenceText,
  effectOf,
  estimateText,
  explainedText,
  HYPOTHESES,
  numberText,
  relativeText,
  verdictOf,
  type Verdict,
} from '../../src/engine/words/emergence.ts';
import { openSession } from './openSession.ts';

/** A log and the sets in it that are compared. */
export interface MeasuredLog {
  readonly title: string;
  readonly about: string;
  readonly files: readonly InputFile[];
  /** What names of the first and the last set end with; null: as they come. */
  readonly ends: readonly [string, string] | null;
}

/** The rules that are measured, each at three budgets of its own target. */
const RULES = [
  { name: 'default rule (density)', rule: DEFAULT_RULE, target: 'cut' },
  ...PRESETS.filter(({ id }) => id !== 'cheapest').map((preset) => ({
    name: preset.label,
    rule: presetRule(preset),
    target: preset.budget.cut < 1 ? 'cut' : 'train',
  })),
];
const SHARES = [0.1, 0.3, 0.5];

async function ask(session: Session, log: MeasuredLog, { rule, target }: (typeof RULES)[number]): Promise<EmergenceAnswer> {
  const { orderId } = session.order(rule);
  const [first, ...others] = SHARES.map((share): Budget => (target === 'cut' ? { cut: share, train: 1 } : { cut: 1, train: share }));
  const put = async (split: Split | null, to: string | null): Promise<EmergenceAnswer> => {
    const question = { where: '', split, to, orderId, budget: first!, others, seeds: 39, resamples: 1000 };
    const answer = await session.emergence(question, () => undefined);
    if (!answer.ok) throw new Error(answer.fault);
    return answer;
  };
  if (log.ends === null) return put(null, null);
  const by = ['policy', 'file'].find((id) => log.ends?.every((end) => nameLike(session, id, end) !== null)) ?? 'file';
  return put({ by, base: nameLike(session, by, log.ends[0]) }, nameLike(session, by, log.ends[1]));
}

function nameLike(session: Session, by: string, part: string): string | null {
  const column = session.rollouts().columns.find(({ id }) => id === by);
  return column?.type === 'text' ? (column.words.find((word) => word.endsWith(part)) ?? null) : null;
}

/** The section of one log. */
export async function emergenceSection(log: MeasuredLog): Promise<string> {
  const { session, facts } = await openSession(log.files);
  const answers: EmergenceAnswer[] = [];
  for (const rule of RULES) answers.push(await ask(session, log, rule));
  const [first] = answers;
  const { signal } = session.order(RULES[0]!.rule);
  return [
    `## ${log.title}`,
    '',
    log.about,
    '',
    `${facts.rollouts.toLocaleString('en')} rollouts of ${facts.tasks.toLocaleString('en')} tasks. Signal of the rules: ${signal.label}` +
      `${signal.used === signal.asked ? '' : `, as the log has no ${signal.asked}`}.`,
    '',
    ...versionTable(first!),
    '',
    `In short, over ${RULES.length} rules at ${SHARES.length} budgets each, among all rollouts:`,
    '',
    ...inShort(answers),
    '',
    ...RULES.flatMap(({ name }, i) => [...selectionTable(name, answers[i]!), '']),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '' ? '–' : cell.replaceAll('|', '\\|'))).join(' | ')} |`;
}

function versionTable({ versions }: EmergenceAnswer): string[] {
  if (versions === null) return ['Nothing parts its rollouts into sets.'];
  const { sets, from, to, commonTasks, figures, mix } = versions;
  const nameOf = (set: number): string => (sets[set]?.name ?? '').split('/').slice(-3, -1).join('/') || (sets[set]?.name ?? '');
  const lines = [
    `From \`${nameOf(from)}\` (${sets[from]?.rollouts} rollouts) to \`${nameOf(to)}\` (${sets[to]?.rollouts}); ` +
      `${commonTasks} tasks in common.`,
    '',
    row(['figure', 'first', 'last', 'change', 'relative', 'on common tasks']),
    '|---|---|---|---|---|---|',
  ];
  for (const figure of figures) {
    const about = describe(figure.id);
    lines.push(
      row([
        `${about.label}${about.unit === null || about.unit === about.label.toLowerCase() ? '' : `, ${about.unit}`}`,
        estimateText(about, figure.sets[from]!),
        estimateText(about, figure.sets[to]!),
        differenceText(about, figure.difference),
        relativeText(figure.change),
        commonTasks > 0 ? differenceText(about, figure.paired.difference) : '',
      ]),
    );
  }
  if (mix !== null)
    lines.push(
      '',
      `Tool mix: total variation distance ${estimateText({ format: 'decimal' }, mix.distance[to]!)}; by chance up to ` +
        `${numberText('decimal', mix.byChance)} in 95 of 100 exchanges of names.`,
    );
  return lines;
}

/** Verdicts as a table has room for. */
const SHORT: Readonly<Record<Verdict, string>> = {
  yes: 'yes',
  'no, the opposite': 'opposite',
  'not told apart from chance': 'chance',
  'not known': 'unknown',
};

/** How often each answer was given among all rollouts, over rules and budgets. */
function inShort(answers: readonly EmergenceAnswer[]): string[] {
  const at = answers.flatMap(({ selection }) => selection.budgets);
  return HYPOTHESES.flatMap((hypothesis) => [
    `- ${hypothesis.asks} ` +
      CHANCES.map((by) => {
        const told = at.map((one) => SHORT[verdictOf(hypothesis, effectOf(one, 'all', hypothesis.figure), by)]);
        const count = (word: string): number => told.filter((one) => one === word).length;
        const parts = ['yes', 'opposite', 'chance', 'unknown'].filter((word) => count(word) > 0).map((word) => `${count(word)} ${word}`);
        return `Against ${CHANCE_WORDS[by].label}: ${parts.join(', ')}`;
      }).join('. ') +
      '.',
  ]);
}

function selectionTable(name: string, { selection }: EmergenceAnswer): string[] {
  return [
    `**${name}**`,
    '',
    row([
      'budget',
      'figure',
      'rule',
      'everything',
      'closed sets by chance',
      'whole rollouts by chance',
      'preferred?',
      'solved',
      'failed',
      'explained',
      'beyond chance',
    ]),
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...selection.budgets.flatMap((at) => HYPOTHESES.map((hypothesis) => selectionRow(at, hypothesis))),
  ];
}

function selectionRow(at: SelectionAt, hypothesis: (typeof HYPOTHESES)[number]): string {
  const { budget } = at;
  const about = describe(hypothesis.figure);
  const effect = effectOf(at, 'all', hypothesis.figure)!;
  const shareOf = (against: 'everything' | 'closed'): string => {
    const explained = at.explained.find((one) => one.figure === hypothesis.figure && one.against === against);
    return explained === undefined ? '' : explained.share === null ? `no: ${explained.why}` : explainedText(explained);
  };
  const words = (group: 'all' | 'solved' | 'failed'): string => {
    const own = effectOf(at, group, hypothesis.figure);
    return own === undefined ? '' : CHANCES.map((by) => SHORT[verdictOf(hypothesis, own, by)]).join(' · ');
  };
  return row([
    budget.cut < 1 ? `cut ${budget.cut * 100} %` : `train ${budget.train * 100} %`,
    about.label,
    estimateText(about, effect.rule),
    numberText(about.format, effect.all),
    ...CHANCES.map((by) => {
      const { mean, least, most, draws } = effect.among[by];
      return draws === 0
        ? ''
        : `${numberText(about.format, mean)} (${numberText(about.format, least)} to ${numberText(about.format, most)})`;
    }),
    words('all'),
    words('solved'),
    words('failed'),
    shareOf('everything'),
    shareOf('closed'),
  ]);
}
