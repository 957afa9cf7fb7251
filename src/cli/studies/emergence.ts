/** `espalier study emergence PATH…`: versions of the policy side by side, and what the selection by the tree prefers. */
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../core/model/rule.ts';
import { PRESETS, presetRule } from '../../core/rule/presets.ts';
import { CHANCE_SEEDS, type EmergenceAnswer, type EmergenceQuestion } from '../../engine/answers/emergence.ts';
import { RESAMPLES, type Split } from '../../engine/answers/statistics.ts';
import { budgetsAt } from '../../engine/studies/emergence/budgets.ts';
import { emergenceCsv } from '../../engine/studies/emergence/rows.ts';
import type { Dataset } from '../api.ts';
import { refuseFilter } from '../filter-flag.ts';
import { PRESET_HELP, prunePreset, pruneBudget, share } from '../prune-flags.ts';
import { pruneRule, RULE_HELP, RULE_OPTIONS } from '../rule-flags.ts';
import { readScores, restoreScores } from '../scores-flag.ts';
import { readSession } from '../session-flag.ts';
import { note, print, printJson, progress } from '../streams.ts';
import { UsageError } from '../usage.ts';
import { emergenceLines } from './emergence-text.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const HELP = `
Two observations are reported of KAT-Coder after reinforcement learning: fewer turns, and parallel tool calls; that pruning by the tree
explains them is a hypothesis. Here both are tested on your own log: turns, parallel calls, tool mix, tokens, entropy and reward by
version of the policy; and whether the selection in force prefers short paths and parallel calls, against everything and against
${CHANCE_SEEDS} selections by chance at the same cost, also within solved and within failed rollouts. A log is not a training run.

  --where FILTER         of the rollouts that the filter takes (docs/filter.md; default all)
  --by COLUMN            sets by a column (default policy, else model, else file, whichever first has two words)
  --base WORD, --to WORD the sets that a change leads from and to (default the first and the last)
  --against FILTER       two sets: A takes --where, B takes FILTER
  --budget SHARE         budget of the cut in force (default the preset's), and --train-budget SHARE of what trains
  --budgets LIST         further budgets of the same kind (default 10,30,50%; none: no others)
  --seeds N              selections by chance of each kind, 2 to 1000 (default ${CHANCE_SEEDS})
  --draws N              draws of the bootstrap, 2 to 100000 (default ${RESAMPLES})
  --scores FILE          entropy from a language model, as saved by espalier score; never replaces logged entropy
${PRESET_HELP}
${RULE_HELP}
  --csv                  print CSV: a row for each number`;

export const emergence: StudyCommand = {
  id: 'emergence',
  about: 'versions of the policy, and what pruning by the tree prefers',
  help: HELP,
  options: {
    ...RULE_OPTIONS,
    where: { type: 'string' },
    by: { type: 'string' },
    base: { type: 'string' },
    to: { type: 'string' },
    against: { type: 'string' },
    preset: { type: 'string' },
    budget: { type: 'string' },
    'train-budget': { type: 'string' },
    budgets: { type: 'string' },
    seeds: { type: 'string' },
    draws: { type: 'string' },
    scores: { type: 'string' },
    csv: { type: 'boolean' },
  },
  check(flags) {
    const { by, against, base } = textsOf(flags);
    if (by !== undefined && against !== undefined) throw new UsageError('--by and --against both part the rollouts; give one of them');
    if (base !== undefined && by === undefined) throw new UsageError('--base names a set of --by');
    if (flags.json === true && flags.csv === true) throw new UsageError('--json and --csv both go to standard output; give one of them');
    refuseFilter('--where', textsOf(flags).where ?? '');
    refuseFilter('--against', against);
    pruneRule(textsOf(flags));
    if (textsOf(flags)['session'] === undefined) pruneBudget(textsOf(flags), prunePreset(textsOf(flags), PRESETS[0].id));
    othersOf(flags);
    whole(flags, 'seeds', CHANCE_SEEDS, 1000);
    whole(flags, 'draws', RESAMPLES, 100_000);
  },
  async run(dataset, flags, json) {
    const { where = '', by, base, to, against, scores } = textsOf(flags);
    if (dataset.facts().rollouts === 0) {
      note('no record was usable; espalier inspect lists why');
      return 1;
    }
    if (scores !== undefined) await restoreScores(dataset, readScores(scores));
    const { rule, budget } = await settingsOf(dataset, flags);
    await dataset.prepareActs(rule);
    const { order } = dataset.prune(rule, budget);
    const split: Split | null = by !== undefined ? { by, base: base ?? null } : against === undefined ? null : { a: where, b: against };
    const question: EmergenceQuestion = {
      where: against === undefined ? where : '',
      split,
      to: to ?? null,
      orderId: order.orderId,
      budget,
      others: budgetsAt(budget, othersOf(flags)),
      seeds: whole(flags, 'seeds', CHANCE_SEEDS, 1000),
      resamples: whole(flags, 'draws', RESAMPLES, 100_000),
    };
    const answer = await dataset.studies.emergence(question, progressLine());
    if (!answer.ok) throw new UsageError(answer.fault);
    refuseNames(answer, base, to);
    if (json) printJson(report(answer, rule));
    else if (flags.csv === true) print(...emergenceCsv(answer).trimEnd().split('\n'));
    else print(...emergenceLines(answer, rule));
    return answer.rollouts.here > 0 ? 0 : 1;
  },
};

/** Flags that take a text, by name. */
function textsOf(flags: StudyFlags): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(flags).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The rule and budget in force: of flags, of a session, or of the preset that the log calls for. */
async function settingsOf(dataset: Dataset, flags: StudyFlags): Promise<{ readonly rule: PruneRule; readonly budget: Budget }> {
  const texts = textsOf(flags);
  const session = await readSession(texts['session']);
  const { suited } = dataset.facts();
  const preset = session === null ? prunePreset(texts, suited.preset) : null;
  const rule = pruneRule(texts, session?.rule ?? (preset === null ? DEFAULT_RULE : presetRule(preset, DEFAULT_RULE)));
  const isSaid = texts['budget'] !== undefined || texts['train-budget'] !== undefined;
  const budget = session !== null && session.budget !== null && !isSaid ? session.budget : pruneBudget(texts, preset ?? fallback(session));
  return { rule, budget };
}

/** A budget must come from somewhere: that of the first preset, where neither flags nor a session name one. */
function fallback(session: unknown): (typeof PRESETS)[number] | null {
  return session === null ? null : PRESETS[0];
}

/** Shares between 0 and 1; `10,30%`: a sign at the end is for all of them. */
function othersOf(flags: StudyFlags): readonly number[] {
  const text = textsOf(flags)['budgets'] ?? '10,30,50%';
  if (text === 'none') return [];
  const sign = text.endsWith('%') ? '%' : '';
  return text.split(',').map((part) => share('--budgets', sign !== '' && !part.endsWith('%') ? `${part}${sign}` : part, null));
}

function whole(flags: StudyFlags, name: string, fallback: number, most: number): number {
  const text = textsOf(flags)[name];
  const number = text === undefined ? fallback : Number(text);
  if (!(Number.isInteger(number) && number >= 2 && number <= most))
    throw new UsageError(`--${name}: expected 2 to ${most}, found ${text ?? ''}`);
  return number;
}

function refuseNames({ versions }: EmergenceAnswer, base: string | undefined, to: string | undefined): void {
  const names = versions?.sets.map(({ name }) => name) ?? [];
  for (const [flag, name] of [
    ['--base', base],
    ['--to', to],
  ] as const)
    if (name !== undefined && !names.includes(name)) throw new UsageError(`${flag}: no set ${name}; the sets are ${names.join(', ')}`);
}

/** JSON has no typed arrays; unknown numbers are null. */
function report({ versions, ...answer }: EmergenceAnswer, rule: PruneRule): object {
  const mix = versions?.mix ?? null;
  return {
    ...answer,
    rule,
    versions: versions && { ...versions, mix: mix && { ...mix, shares: Array.from(mix.shares) } },
  };
}

const STAGES = { turns: 'counting turns', versions: 'drawing versions', chance: 'selecting by chance', intervals: 'drawing rollouts' };

function progressLine(): Parameters<Dataset['studies']['emergence']>[1] {
  if (!process.stderr.isTTY) return () => undefined;
  return ({ stage, done, total }) => progress(`${STAGES[stage]} ${((100 * done) / total).toFixed(0)} %`, false);
}
