/** Reads from a model card how well its model ranks tokens against logged surprisal. */

export interface RankFigure {
  readonly log: string;
  /** `token`, or `message` with how its tokens are put together. */
  readonly unit: string;
  readonly n: string;
  /** Spearman's correlation with the logged column; null where the card has none. */
  readonly model: number | null;
  readonly ngram: number | null;
  readonly tokens: number | null;
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
    const cells = line.split('|').slice(1, -1).map((cell) => cell.replaceAll('*', '').trim());
    if (columns.length === 0) columns = cells.map((cell) => cell.toLowerCase());
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell)) && ['log', 'unit', 'n', 'model'].every((name) => columns.includes(name))) {
      const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
      found.push({ log: cell('log'), unit: cell('unit'), n: cell('n'), model: number(cell('model')), ngram: number(cell('byte 5-gram')), tokens: number(cell('token count')) });
    }
  }
  return found;
}

function number(cell: string): number | null {
  const value = Number(cell.replace('−', '-'));
  return cell !== '' && Number.isFinite(value) ? value : null;
}

/** The figures to show: one by token and one by message, over as many logs as the card puts together. */
export function mainFigures(figures: readonly RankFigure[]): readonly RankFigure[] {
  const all = figures.filter(({ log }) => log.startsWith('all'));
  return ['token', 'message'].flatMap((unit) => {
    const first = [...all, ...figures].find((figure) => figure.unit.startsWith(unit) && figure.model !== null);
    return first ? [first] : [];
  });
}
