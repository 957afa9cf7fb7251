/** What people type and programs ask: filters, and statistics of a log that nobody vouches for. */
import { isDeepStrictEqual } from 'node:util';
import { MAX_FILTER_CHARACTERS } from '../../../src/base/bounds.ts';
import { checkFilter } from '../../../src/core/filter/check.ts';
import { completeFilter } from '../../../src/core/filter/complete.ts';
import { matchFilter } from '../../../src/core/filter/match.ts';
import { parseFilter } from '../../../src/core/filter/parse.ts';
import { printFilter } from '../../../src/core/filter/print.ts';
import { textTermsOf } from '../../../src/core/filter/text-terms.ts';
import type { RolloutColumns } from '../../../src/core/rollouts/columns.ts';
import type { Split } from '../../../src/engine/answers/statistics.ts';
import { PLOTS } from '../../../src/engine/plots/registry.ts';
import { plotRows } from '../../../src/engine/plots/rows.ts';
import { placeless } from '../../helpers/randomFilters.ts';
import { fileOf, sessionOver } from '../opened.ts';
import type { Random } from '../random.ts';
import { logSeeds } from '../seeds.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

const SEEDS = [
  'reward<0.5 tool:bash error turns>20 model:gpt* "connection refused" /re+gex/',
  'not (solved or failed) -field."a b":"x \\* y" turns:10..20 and status!=ok',
  '/a[/]b\\/c/ims or task:*"quoted \\" part"* kept<38% tokens>=1.5k',
];
// prettier-ignore
const WORDS = [
  'reward', 'tool', 'turns', 'field.', 'field."a b"', 'error', 'solved', 'or', 'and', 'not', 'OR',
  '<', '<=', '>', '>=', ':', '=', '!=', '-', '(', ')',
  '"', '\\', '*', '/', '/a+/', '/(?:/',
  ' ', '\n', '\u00a0', '\u202e', '\ud83d', '..', '0.5', '-1e3', '1e999', '38%', '20k', 'NaN', 'é', '__proto__',
];
/** What a filter is held against: a column of each type, with what is unknown. */
const COLUMNS: RolloutColumns = {
  length: 3,
  columns: [
    { type: 'number', id: 'reward', label: 'reward', help: '', unit: null, values: Float64Array.of(0, 1, Number.NaN) },
    { type: 'number', id: 'turns', label: 'turns', help: '', unit: null, values: Float64Array.of(1, 20, 3) },
    { type: 'text', id: 'task', label: 'task', help: '', words: ['a b', 'é"*'], codes: Int32Array.of(0, 1, -1) },
    { type: 'text', id: 'field.a b', label: 'a b', help: '', words: ['__proto__'], codes: Int32Array.of(-1, 0, 0) },
    { type: 'set', id: 'tool', label: 'tool', help: '', words: ['bash'], start: Int32Array.of(0, 1, 1, 2), items: Int32Array.of(0, 0) },
  ],
};

export function filterTargets(): Target[] {
  return [
    { id: 'filter text', kind: 'text', weight: 30, seeds: SEEDS.map(bytesOf), run: (input) => filter(textOf(input)) },
    {
      id: 'filter words',
      kind: 'text',
      weight: 30,
      seeds: [],
      make: (random) => bytesOf(Array.from({ length: 1 + random.below(14) }, () => random.pick(WORDS)).join('')),
      run: (input) => filter(textOf(input)),
    },
    {
      id: 'filter nested',
      kind: 'text',
      weight: 2,
      seeds: [],
      make: (random) => bytesOf(nested(random)),
      run: (input) => filter(textOf(input)),
    },
    {
      id: 'statistics chat',
      kind: 'json',
      weight: 2,
      seeds: logSeeds('chat').map(({ bytes }) => bytes),
      run: (input) => statistics(input),
    },
  ];
}

/** Deep, and long: about the bounds and beyond. */
function nested(random: Random): string {
  const depth = random.below(3 * MAX_FILTER_CHARACTERS);
  return random.pick(['(', '-', 'not ', '(not(', '"', '/a']).repeat(depth / 2) + 'a' + ')'.repeat(random.below(depth + 1));
}

function filter(text: string): void {
  const parsed = parseFilter(text);
  for (const { from, to, text: put } of completeFilter(text, text.length, COLUMNS))
    hold(0 <= from && from <= to && to <= text.length && put !== '', 'a completion has its place in the text', () => put);
  if (!parsed.ok) {
    const { fault, from, to } = parsed;
    hold(
      fault !== '' && 0 <= from && from <= to && to <= text.length,
      'a fault has a sentence and a place',
      () => `${fault} ${from} ${to}`,
    );
    return;
  }
  const printed = printFilter(parsed.filter);
  const again = parseFilter(printed);
  if (printed.length > MAX_FILTER_CHARACTERS) return;
  hold(again.ok && isDeepStrictEqual(placeless(again.filter), placeless(parsed.filter)), 'parse(print(x)) = x', () => printed);
  hold(again.ok && printFilter(again.filter) === printed, 'print(parse(print(x))) = print(x)', () => printed);
  const fault = checkFilter(parsed.filter, COLUMNS.columns);
  if (fault !== null) {
    hold(fault.fault !== '' && fault.from <= fault.to && fault.to <= text.length, 'a fault has a sentence and a place', () => fault.fault);
    return;
  }
  // Their words are found in the second.
  const texts = new Map(textTermsOf(parsed.filter).map(({ key }) => [key, Uint8Array.of(0, 1, 0)]));
  const taken = matchFilter(parsed.filter, COLUMNS, texts);
  hold(taken.length === 3 && taken.every((is) => is === 0 || is === 1), 'a filter takes a rollout or not');
  const turned = matchFilter({ kind: 'not', of: parsed.filter }, COLUMNS, texts);
  hold(
    taken.every((is, r) => is + (turned[r] ?? 0) === 1),
    'a filter or its denial takes each rollout',
  );
}

const SPLITS: readonly (Split | null)[] = [null, { by: 'outcome', base: null }, { by: 'task', base: null }, { a: 'reward>0', b: '-error' }];

async function statistics(input: Uint8Array<ArrayBuffer>): Promise<void> {
  const session = await sessionOver([fileOf('log.jsonl', input)]);
  const { rollouts } = session.facts();
  if (rollouts === 0) return;
  for (const split of SPLITS) {
    const answer = await session.statistics({ where: '', split, resamples: 20, cut: null }, () => undefined);
    hold(answer.ok, 'statistics of all rollouts have an answer');
    if (!answer.ok) return;
    hold(answer.rollouts.of === rollouts && answer.rollouts.here === rollouts, 'statistics are of all rollouts');
    for (const plot of answer.plots) {
      hold(
        PLOTS.some(({ id }) => id === plot.id) && plot.value.length === answer.sets.length * plot.cells.length,
        'a plot has a number for each set and cell',
        () => plot.id,
      );
      plot.interval?.low.forEach((low, at) => {
        const high = plot.interval?.high[at] ?? Number.NaN;
        hold(
          Number.isNaN(low) === Number.isNaN(high) && !(low > high),
          'an interval has two ends in order',
          () => `${plot.id} ${low} ${high}`,
        );
      });
      const { histogram } = plot;
      histogram?.spread.forEach(({ known }, set) => {
        const bins = histogram.terms.length;
        const counted = histogram.counts.subarray(set * bins, (set + 1) * bins).reduce((sum, count) => sum + count, 0);
        hold(counted === known, 'bins hold every known value', () => `${plot.id}: ${counted} of ${known}`);
      });
      for (const row of plotRows(plot, answer))
        hold(
          Object.values(row).every((cell) => cell !== undefined),
          'a row has all its cells',
        );
    }
  }
}
