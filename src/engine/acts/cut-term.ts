/** Columns that a filter elsewhere may ask for, and that follow from what acts decide. */
import { termsOf, type Filter } from '../../core/filter/filter.ts';

const OF_THE_CUT = ['kept', 'trained'];

/** The name of the first such column that a filter asks for, or null. */
export function cutTerm(filter: Filter): string | null {
  for (const term of termsOf(filter))
    if ((term.kind === 'compare' || term.kind === 'is') && OF_THE_CUT.includes(term.name)) return term.name;
  return null;
}

/** Why an act cannot ask for it. */
export function cutTermFault(name: string): string {
  return `${name} follows from the cut: an act, which decides about the cut, cannot ask for it`;
}
