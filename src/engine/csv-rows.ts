/** The cells of a CSV text, with a line of names. */
export interface CsvRows {
  /** In lower case, without blanks around them. */
  readonly names: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Or what was expected. */
export async function readCsv(text: string): Promise<CsvRows | string> {
  // Only who has a table needs its parser.
  const { parse } = (await import('papaparse')).default;
  const { data, errors } = parse<string[]>(text, { skipEmptyLines: 'greedy' });
  const fault = errors.find(({ type }) => type === 'Quotes');
  if (fault) return `expected CSV, found a quote that is not closed in row ${(fault.row ?? 0) + 1}`;
  const [head, ...lines] = data;
  if (head === undefined) return 'expected a line of names, found none';
  return { names: head.map((name) => name.trim().toLowerCase()), lines };
}
