/** The ways of looking that a person can choose between: plain words, so that an address can hold them. */
import type { TreeView } from '../../engine/answers/drawing.ts';
import { STATISTICS } from '../../engine/statistics/registry.ts';

/** The id of a view of the middle; a word that names none means the first. */
export type Shape = string;
export const FIRST_SHAPE: Shape = 'icicle';
/** `kind`, or the id of a statistic. */
export type ColourBy = string;
export type SortBy = 'signal' | 'tokens' | 'sharing' | 'spread' | 'name' | 'arrival';
export type Target = 'cut' | 'train';
/** What the curve of a budget shows: the signal retained, or the cosine of what it trains with the full set's gradient. */
export type CurveOf = 'signal' | 'gradient';

export interface ColourChoice {
  readonly value: ColourBy;
  readonly label: string;
  readonly about: string;
}

/** What the drawn tree can be coloured by: the kind of a node, or a statistic that this tree has. */
export function coloursOf(view: TreeView): readonly ColourChoice[] {
  return [KIND, ...STATISTICS.filter(({ scale, views }) => scale !== undefined && views.includes(view)).map(choiceOf)];
}

const KIND: ColourChoice = { value: 'kind', label: 'kind', about: 'Hue where the policy sampled, neutrals elsewhere.' };

function choiceOf({ id, label, help }: (typeof STATISTICS)[number]): ColourChoice {
  return { value: id, label, about: help };
}
