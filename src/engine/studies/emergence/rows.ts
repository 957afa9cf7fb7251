/** All numbers of an answer about emergence, one a row: what CSV holds, exactly as they are. */
import type { Estimate } from '../../../core/statistics/draws.ts';
import { CHANCES } from '../../../core/emergence/by-chance.ts';
import type { EmergenceAnswer, SelectionAnswer, VersionsAnswer } from '../../answers/emergence.ts';
import { textCell } from '../../csv-cells.ts';

const COLUMNS = ['table', 'cut', 'train', 'set', 'figure', 'number', 'value', 'low', 'high', 'rollouts'] as const;
type EmergenceRow = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

const NONE = { cut: '', train: '', low: Number.NaN, high: Number.NaN, rollouts: '' } as const;

/** As CSV with a header; unknown numbers are empty. */
export function emergenceCsv(answer: EmergenceAnswer): string {
  const lines = emergenceRows(answer).map((row) => COLUMNS.map((column) => cell(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

function emergenceRows({ versions, selection }: EmergenceAnswer): EmergenceRow[] {
  return [...(versions === null ? [] : versionRows(versions)), ...selectionRows(selection)];
}

function versionRows({ sets, from, to, figures, mix }: VersionsAnswer): EmergenceRow[] {
  const nameOf = (set: number): string => sets[set]?.name ?? '';
  const change = `${nameOf(from)} to ${nameOf(to)}`;
  const rows = figures.flatMap((figure): EmergenceRow[] => {
    const row = (set: string, number: string, { value, low, high }: Estimate, rollouts: string | number = ''): EmergenceRow => ({
      ...NONE,
      table: 'versions',
      set,
      figure: figure.id,
      number,
      value,
      low,
      high,
      rollouts,
    });
    const exact = (value: number): Estimate => ({ value, low: Number.NaN, high: Number.NaN });
    return [
      ...figure.sets.map((one, set) => row(nameOf(set), 'value', one, one.count)),
      row(change, 'difference', figure.difference),
      row(change, 'change', figure.change),
      ...(figure.slope === null ? [] : [row('all sets', 'slope per version', figure.slope)]),
      row(nameOf(from), 'value on common tasks', exact(figure.paired.from)),
      row(nameOf(to), 'value on common tasks', exact(figure.paired.to)),
      row(change, 'difference on common tasks', figure.paired.difference),
      row(change, 'change on common tasks', figure.paired.change),
    ];
  });
  if (mix === null) return rows;
  const { tools, shares, distance, byChance } = mix;
  const about = { ...NONE, table: 'tool mix' };
  for (const set of sets.keys()) {
    for (const [tool, figure] of tools.entries())
      rows.push({ ...about, set: nameOf(set), figure, number: 'share of calls', value: shares[set * tools.length + tool] ?? Number.NaN });
    const own = distance[set] ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN };
    rows.push({ ...about, set: nameOf(set), figure: 'total variation', number: `distance to ${nameOf(from)}`, ...own });
  }
  rows.push({ ...about, set: change, figure: 'total variation', number: '95 % of exchanges of names below', value: byChance });
  return rows;
}

function selectionRows({ budgets }: SelectionAnswer): EmergenceRow[] {
  return budgets.flatMap(({ budget: { cut, train }, effects, explained }) => {
    const about = { ...NONE, cut, train };
    const rows = effects.flatMap(({ group: set, figure, all, rule, difference, change, over, among, count }): EmergenceRow[] => {
      const row = { ...about, table: 'selection', set, figure, rollouts: count };
      return [
        { ...row, number: 'everything', value: all },
        { ...row, number: 'rule', ...rule },
        { ...row, number: 'rule − everything', ...difference },
        { ...row, number: 'rule ÷ everything − 1', ...change },
        ...CHANCES.flatMap((by): EmergenceRow[] => [
          { ...row, number: `${by} by chance`, value: among[by].mean, low: among[by].least, high: among[by].most },
          { ...row, number: `rule − ${by} by chance`, ...over[by] },
          { ...row, number: `standard deviations above ${by} by chance`, value: among[by].effect },
        ]),
      ];
    });
    const shares = explained.flatMap(({ figure, against, selection, versions, share }): EmergenceRow[] => {
      const row = { ...about, table: 'explained', set: 'first', figure };
      const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
      return [
        { ...row, number: `selection against ${against}`, ...selection },
        { ...row, number: 'versions', ...versions },
        { ...row, number: `share explained against ${against}`, ...(share ?? none) },
      ];
    });
    return [...rows, ...shares];
  });
}

function cell(value: string | number): string {
  return typeof value === 'string' ? textCell(value) : Number.isFinite(value) ? String(value) : '';
}
