/** Emergence as lines for a terminal. */
import { CHANCES } from '../../core/emergence/by-chance.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import {
  SELECTION_GROUPS,
  type EmergenceAnswer,
  type SelectionAnswer,
  type SelectionAt,
  type VersionsAnswer,
} from '../../engine/answers/emergence.ts';
import {
  AGAINST_WORDS,
  amongText,
  CHANCE_WORDS,
  describe,
  differenceText,
  effectOf,
  estimateText,
  explainedText,
  GROUP_WORDS,
  HYPOTHESES,
  numberText,
  relativeText,
  verdictText,
} from '../../engine/words/emergence.ts';
import { counted, countText, shareText } from '../text/figures.ts';

export function emergenceLines({ rollouts, bootstrap, versions, selection }: EmergenceAnswer, rule: PruneRule): string[] {
  return [
    `${countText(rollouts.here)} of ${counted(rollouts.of, 'rollout')}`,
    `95 % intervals: ${countText(bootstrap.resamples)} draws of tasks and then of the rollouts of each, seed ${bootstrap.seed}`,
    '',
    ...(versions === null
      ? ['nothing parts the rollouts into sets: no versions of the policy, models or files differ']
      : versionLines(versions)),
    '',
    ...selectionLines(selection, rule),
  ];
}

function versionLines({ by, sets, left, from, to, commonTasks, figures, mix }: VersionsAnswer): string[] {
  const nameOf = (set: number): string => sets[set]?.name ?? '';
  const out = [`by ${by}: ${counted(sets.length, 'set')}`];
  for (const { name, rollouts, tasks } of sets) out.push(`  ${name}: ${counted(rollouts, 'rollout')}, ${counted(tasks, 'task')}`);
  if (left.words > 0) out.push(`  ${counted(left.words, 'smaller set')} not shown, ${counted(left.rollouts, 'rollout')}`);
  if (left.unknown > 0) out.push(`  ${counted(left.unknown, 'rollout')} without a value`);
  out.push(
    `change from ${nameOf(from)} to ${nameOf(to)}`,
    commonTasks > 0 ? `${counted(commonTasks, 'task')} in common: compared task by task too` : 'no task in common: unpaired',
  );
  const isTold = (set: number): boolean => sets.length <= MOST_TOLD || set === from || set === to;
  if (sets.length > MOST_TOLD) out.push(`figures of these two; --csv and --json have all ${counted(sets.length, 'set')}`);
  for (const figure of figures) {
    const about = describe(figure.id);
    out.push('', `${about.label}${about.unit === null ? '' : `, ${about.unit}`}`);
    for (const [set, one] of figure.sets.entries())
      if (isTold(set)) out.push(`  ${nameOf(set)}: ${estimateText(about, one)}, ${counted(one.count, 'rollout')}`);
    const relative = relativeText(figure.change);
    out.push(`  change ${differenceText(about, figure.difference)}${relative === '' ? '' : `, ${relative}`}`);
    if (commonTasks > 0) out.push(`  on common tasks ${differenceText(about, figure.paired.difference)}`);
    if (figure.slope !== null) out.push(`  trend ${differenceText({ format: finer(about.format) }, figure.slope)} per version`);
  }
  if (mix === null) return out;
  out.push('', 'Tool mix');
  for (const set of sets.keys()) {
    if (!isTold(set)) continue;
    const shares = mix.tools
      .map((tool, t) => ({ tool, share: mix.shares[set * mix.tools.length + t] ?? 0 }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share);
    out.push(`  ${nameOf(set)}: ${shares.map(({ tool, share }) => `${tool} ${numberText('percent', share)}`).join(', ') || 'no calls'}`);
  }
  const distance = mix.distance[to];
  if (distance !== undefined)
    out.push(
      `  total variation from ${nameOf(from)} to ${nameOf(to)}: ${estimateText({ format: 'decimal' }, distance)}; ` +
        `by chance up to ${numberText('decimal', mix.byChance)} in 95 of 100 exchanges of names`,
    );
  return out;
}

/** Of more sets the figures of the first and the last are told. */
const MOST_TOLD = 3;

/** Slopes are small: of counts, decimals are shown too. */
function finer(format: 'count' | 'decimal' | 'percent'): 'decimal' | 'percent' {
  return format === 'count' ? 'decimal' : format;
}

function selectionLines({ budgets, groups, unknownReward, notLearning, seeds, versionsBy }: SelectionAnswer, rule: PruneRule): string[] {
  const out = [`selection by ${rule.strategy}, loss on ${rule.train}, against ${seeds} draws of each kind by chance`];
  for (const { group, rollouts } of groups) out.push(`  ${GROUP_WORDS[group]}: ${countText(rollouts)}`);
  if (unknownReward > 0) out.push(`  ${counted(unknownReward, 'rollout')} without a reward: neither solved nor failed`);
  if (notLearning > 0) out.push(`  ${counted(notLearning, 'rollout')} left out: acts or the rule let them carry no loss`);
  for (const at of budgets) out.push('', ...budgetLines(at, versionsBy));
  return out;
}

function budgetLines(at: SelectionAt, versionsBy: SelectionAnswer['versionsBy']): string[] {
  const out = [
    `budget: cut ${shareText(at.budget.cut)}, train ${shareText(at.budget.train)}; ${shareText(at.used)} of the cost kept, ` +
      `${counted(at.trained, 'token')} with loss`,
  ];
  for (const hypothesis of HYPOTHESES) {
    const about = describe(hypothesis.figure);
    out.push(`  ${hypothesis.asks}`);
    for (const group of SELECTION_GROUPS) {
      const effect = effectOf(at, group, hypothesis.figure);
      if (effect === undefined) continue;
      out.push(
        `    ${GROUP_WORDS[group]}: ${verdictText(hypothesis, effect)}; ${estimateText(about, effect.rule)}, ` +
          `everything ${numberText(about.format, effect.all)}, difference ${differenceText(about, effect.difference)}`,
      );
      for (const by of CHANCES) out.push(`      ${CHANCE_WORDS[by].label}: ${amongText(about, effect.among[by])}`);
    }
  }
  for (const { figure, against, ...explained } of at.explained)
    out.push(
      `  share of the change between versions (${versionsBy ?? ''}), ${describe(figure).label}, ` +
        `against ${AGAINST_WORDS[against]}: ${explainedText(explained)}`,
    );
  for (const effect of at.effects.filter(({ group }) => group === 'all')) {
    if (HYPOTHESES.some(({ figure }) => figure === effect.figure)) continue;
    const about = describe(effect.figure);
    out.push(
      `  ${about.label}: ${estimateText(about, effect.rule)}, everything ${numberText(about.format, effect.all)}, ` +
        amongText(about, effect.among.closed),
    );
  }
  return out;
}
