/** Reads from a model card how well its model ranks tokens against logged surprisal. */

export interface RankFigure {
  readonly log: string;
  /** `token`, or `message` with how its tokens are put together. */
  readonly unit: string;
  readonly n: string;
  /** Spearman's correlation with the logged column; null where the card has none. */
  readonly model: number | null;
  /** What does best of the columns after the model's: an n-gram, plain counts. */
  readonly baseline: { readonly name: string; readonly value: number } | null;
}

/** The rows of the table whose columns are named log, unit, n, model; none where the card has no such table. */
export function rankFigures(card: string): readonly RankFigure[] {
  const found: RankFigure[] = [];
  let columns: readonly string[] = [];
  for (const line of card.split('\n')) {
    if (!line.startsWith('|')) {
      columns = [];
      continue;
    }
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('*', '').trim());
    if (columns.length === 0) columns = cells.map((cell) => cell.toLowerCase());
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell)) && ['log', 'unit', 'n', 'model'].every((name) => columns.includes(name))) {
      const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
      found.push({ log: cell('log'), unit: cell('unit'), n: cell('n'), model: number(cell('model')), baseline: best(columns, cells) });
    }
  }
  return found;
}

function best(columns: readonly string[], cells: readonly string[]): RankFigure['baseline'] {
  let found: RankFigure['baseline'] = null;
  for (const [i, name] of columns.entries()) {
    const value = ['log', 'unit', 'n', 'model'].includes(name) ? null : number(cells[i] ?? '');
    if (value !== null && (found === null || value > found.value)) found = { name, value };
  }
  return found;
}

function number(cell: string): number | null {
  const value = Number(cell.replace('−', '-'));
  return cell !== '' && Number.isFinite(value) ? value : null;
}

/** The figures to show: those over all logs together, else the first by token and the first by message. */
export function mainFigures(figures: readonly RankFigure[]): readonly RankFigure[] {
  const all = figures.filter(({ log }) => log.startsWith('all'));
  if (all.length > 0) return all;
  return ['token', 'message'].flatMap((unit) => {
    const first = figures.find((figure) => figure.unit.startsWith(unit) && figure.model !== null);
    return first ? [first] : [];
  });
}
