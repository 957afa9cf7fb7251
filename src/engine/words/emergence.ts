/** Words for emergence: page, command line and docs say them alike. */
import { CHANCES, type Chance } from '../../core/emergence/by-chance.ts';
import type { Explained } from '../../core/emergence/effects.ts';
import type { SelectionFigure } from '../../core/emergence/selection.ts';
import type { Estimate } from '../../core/statistics/draws.ts';
import { CHANCE_SEEDS, type EffectAnswer, type SelectionAt, type SelectionGroup } from '../answers/emergence.ts';
import { changeText, plotNumber } from '../plots/number-text.ts';
import { EMERGENCE_FIGURES, SELECTION_WORDS, type Described } from '../studies/emergence/figures.ts';

export const CHANCE_WORDS: Readonly<Record<Chance, { readonly label: string; readonly help: string }>> = {
  closed: {
    label: 'parent-closed sets by chance',
    help: 'Of the same cost, without protection: each step takes one unit of the frontier, all alike; of these, nodes train by chance.',
  },
  whole: {
    label: 'whole rollouts by chance',
    help: 'Of the same cost, without protection: rollouts are taken whole in an order of chance, and train in that order.',
  },
};

export const GROUP_WORDS: Readonly<Record<SelectionGroup, string>> = {
  all: 'all rollouts',
  solved: 'solved rollouts',
  failed: 'failed rollouts',
  first: 'rollouts of the first set',
};

/** The seeds' two hypotheses about what pruning prefers. */
export const HYPOTHESES: readonly {
  readonly figure: SelectionFigure;
  readonly asks: string;
  /** On which side of chance it lies where the answer is yes. */
  readonly yes: 'less' | 'more';
}[] = [
  { figure: 'turns-trained', asks: 'Does the selection prefer short paths?', yes: 'less' },
  { figure: 'parallel-trained', asks: 'Does the selection prefer parallel calls?', yes: 'more' },
];

/** What a figure by version or of a selection is called. Throws for one that is none. */
export function describe(id: string): Described {
  const found: Described | undefined = [...EMERGENCE_FIGURES, ...SELECTION_WORDS].find((one) => one.id === id);
  if (found === undefined) throw new Error(`expected a figure, found ${id}`);
  return found;
}

/** `12.4`, `0.052`, `3.1 %`: as plots write them, but numbers below 1 with a digit more. */
export function numberText(format: Described['format'], value: number): string {
  return format === 'decimal' && Math.abs(value) < 1 ? value.toFixed(3).replace('-', '−') : plotNumber(format, value);
}

/** `4.62 (4.19 to 5.27)`. */
export function estimateText({ format }: Pick<Described, 'format'>, { value, low, high }: Estimate): string {
  return `${numberText(format, value)}${Number.isFinite(low) ? ` (${numberText(format, low)} to ${numberText(format, high)})` : ''}`;
}

/** `−0.89 (−1.54 to −0.18)`; of shares in percentage points. */
export function differenceText({ format }: Pick<Described, 'format'>, { value, low, high }: Estimate): string {
  const points = (number: number): string => (format === 'percent' ? plotNumber('decimal', number * 100) : numberText(format, number));
  const interval = Number.isFinite(low) ? ` (${points(low)} to ${points(high)})` : '';
  const sign = value > 0 ? '+' : '';
  return `${sign}${points(value)}${interval}${format === 'percent' && Number.isFinite(value) ? ' points' : ''}`;
}

/** `−16.2 % (−26.0 % to −3.4 %)`; empty where there is none. */
export function relativeText({ value, low, high }: Estimate): string {
  const text = changeText(value);
  return text === '' || !Number.isFinite(low) ? text : `${text} (${changeText(low)} to ${changeText(high)})`;
}

/** `less than all 39 draws (4.76 to 5.23)`. */
export function amongText({ format }: Pick<Described, 'format'>, { told, draws, least, most }: EffectAnswer['among'][Chance]): string {
  if (told === null) return 'not told: too few draws have a value';
  const range = `${numberText(format, least)} to ${numberText(format, most)}`;
  return told === 'within' ? `within ${draws} draws (${range})` : `${told} than all ${draws} draws (${range})`;
}

export type Verdict = 'yes' | 'no, the opposite' | 'not told apart from chance' | 'not known';

/** Whether a selection lies on the side of chance that a hypothesis says, among rollouts of one group. */
export function verdictOf({ yes }: (typeof HYPOTHESES)[number], effect: EffectAnswer | undefined, by: Chance): Verdict {
  const told = effect?.among[by].told ?? null;
  if (told === null) return 'not known';
  return told === 'within' ? 'not told apart from chance' : told === yes ? 'yes' : 'no, the opposite';
}

function isOutside(told: EffectAnswer['among'][Chance]['told'] | undefined): boolean {
  return told === 'less' || told === 'more';
}

/**
 * The same against both kinds of chance; where these differ, against which is which. Where fewer draws than are made unasked decide, how
 * often chance alone gives that.
 */
export function verdictText(hypothesis: (typeof HYPOTHESES)[number], effect: EffectAnswer | undefined): string {
  const [closed, whole] = [verdictOf(hypothesis, effect, 'closed'), verdictOf(hypothesis, effect, 'whole')];
  const both = closed === whole ? closed : `${closed} against ${CHANCE_WORDS.closed.label}; ${whole} against ${CHANCE_WORDS.whole.label}`;
  const draws = CHANCES.flatMap((by) => (isOutside(effect?.among[by].told) ? [effect?.among[by].draws ?? 0] : []));
  const fewest = draws.reduce((least, one) => Math.min(least, one), CHANCE_SEEDS);
  return fewest === CHANCE_SEEDS ? both : `${both} (of ${fewest} draws: chance alone gives that in 2 of ${fewest + 1} cases)`;
}

export function effectOf(
  { effects }: Pick<SelectionAt, 'effects'>,
  group: SelectionGroup,
  figure: SelectionFigure,
): EffectAnswer | undefined {
  return effects.find((one) => one.group === group && one.figure === figure);
}

/** What a selection is held against where it may explain a change. */
export const AGAINST_WORDS: Readonly<Record<Explained['against'], string>> = {
  everything: 'everything',
  closed: CHANCE_WORDS.closed.label,
};

/** `43.1 % (10.2 % to 88.0 %)`, or why there is none. */
export function explainedText({ share, why }: Pick<Explained, 'share' | 'why'>): string {
  if (share !== null) return estimateText({ format: 'percent' }, share);
  return why === 'versions'
    ? 'not told apart from chance: the change between versions may be 0'
    : 'not told apart from chance: what the selection changes may be 0';
}
