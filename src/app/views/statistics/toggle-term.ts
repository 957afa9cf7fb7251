/** Puts terms into the text of the filter, and takes them out again. */

/** The pieces of a filter between blanks; quoted texts stay whole. */
function piecesOf(filter: string): readonly string[] {
  return filter.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
}

const BOUND = /^([\w.-]+)(?:>=|<=|<|>)-?[\d.]/;

/** Every piece of the term stands in the filter. */
export function hasTerm(filter: string, term: string): boolean {
  const pieces = new Set(piecesOf(filter));
  return term !== '' && piecesOf(term).every((piece) => pieces.has(piece));
}

/**
 * The filter with the term, or without it where it has it. Bounds of a number take the place of other bounds of it: nothing lies
 * in two bins.
 */
export function toggleTerm(filter: string, term: string): string {
  const wanted = piecesOf(term);
  if (hasTerm(filter, term)) return without(filter, (piece) => wanted.includes(piece)).join(' ');
  const bounded = new Set(wanted.map((piece) => BOUND.exec(piece)?.[1]).filter((name) => name !== undefined));
  const rest = without(filter, (piece) => wanted.includes(piece) || bounded.has(BOUND.exec(piece)?.[1] ?? ''));
  return [...rest, ...wanted].join(' ');
}

function without(filter: string, isGone: (piece: string) => boolean): readonly string[] {
  return piecesOf(filter).filter((piece) => !isGone(piece));
}

/** Of a set and of a part of it; null: neither has one. */
export function joinTerms(...terms: readonly (string | null)[]): string | null {
  const known = terms.filter((term): term is string => term !== null && term !== '');
  return known.length === 0 ? null : known.join(' ');
}
