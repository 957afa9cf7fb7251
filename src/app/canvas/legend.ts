/** What the colours of the drawn tree stand for, read off the scale that paints them, with how much of the tree has each. */
import { FLAG, KIND } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { numberText } from '../text/statistic.ts';
import { figureColumn } from './figure-column.ts';
import { isKept, solidShare } from './paint-boxes.ts';
import type { Cut } from './cut.ts';
import { colourScale, KIND_KEY, swatchColumn } from './palette.ts';
import type { Colour, ColourScale } from './palette.ts';
import { UNKNOWN } from './swatches.ts';
import { KIND_TOKEN } from './theme.ts';

/** An entry of the legend. */
export interface LegendEntry {
  /** Index into the swatches. */
  readonly swatch: number;
  readonly label: string;
  /** Tokens of the tree that are drawn in it, as a share of those that the colouring speaks of; null where it is not counted. */
  readonly share: number | null;
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  /** What the lowest and the highest entry of a scale are; null for kinds, whose entries have names. */
  readonly ends: { readonly low: string; readonly high: string } | null;
}

/** What the colouring shows, lowest first, the unknown last where there is any. O(nodes of the task). */
export function legendOf(tree: DrawnTree, colour: Colour): Legend {
  const scale = colourScale(tree, colour);
  if (!scale) return { entries: KIND_KEY.map(([kind, label]) => ({ swatch: KIND[kind], label, share: null })), ends: null };
  const tokens = new Float64Array(scale.swatches.length + 1);
  const column = figureColumn(tree, scale.statistic.id);
  let total = 0;
  for (let n = 0; n < tree.length; n++) {
    if (scale.statistic.isOfSampled === true && (tree.flags[n]! & FLAG.sampled) === 0) continue;
    const step = Number.isNaN(column[n]!) ? scale.swatches.length : scale.stepOf(column[n]!);
    tokens[step]! += tree.tokens[n]!;
    total += tree.tokens[n]!;
  }
  const share = (step: number): number => (total > 0 ? tokens[step]! / total : 0);
  const entries = scale.swatches.map((swatch, step) => ({ swatch, label: labelOf(scale, step), share: share(step) }));
  const unknown = share(scale.swatches.length);
  return { entries: unknown > 0 ? [...entries, { swatch: UNKNOWN, label: 'unknown', share: unknown }] : entries, ends: endsOf(scale) };
}

function labelOf({ edges, centre, statistic: { format, unit, scale } }: ColourScale, step: number): string {
  const value = (edge: number | undefined): string => numberText(format, edge ?? 0);
  const units = unit === '' ? '' : ` ${unit}`;
  if (centre !== null && step === edges.length / 2)
    return scale?.kind === 'diverging' && scale.around === 'zero' ? 'zero' : `mean, ${value(centre)}`;
  if (edges.length === 0) return 'one value';
  if (step === 0) return `≤ ${value(edges[0])}${units}`;
  if (step === edges.length) return `> ${value(edges[step - 1])}${units}`;
  return `${value(edges[step - 1])} to ${value(edges[step])}${units}`;
}

function endsOf(colours: ColourScale): Legend['ends'] {
  const {
    edges,
    centre,
    statistic: { scale },
  } = colours;
  if (edges.length === 0) return null;
  if (centre === null) return { low: labelOf(colours, 0), high: labelOf(colours, edges.length) };
  return scale?.kind === 'diverging' && scale.around === 'zero'
    ? { low: 'negative', high: 'positive' }
    : { low: 'below mean', high: 'above mean' };
}

/** node -> 1 where it is drawn in one of these entries of the legend. O(nodes of the task). */
export function inEntries(tree: DrawnTree, colour: Colour, swatches: readonly number[]): Uint8Array {
  const passed = new Uint8Array(tree.length);
  if (colourScale(tree, colour) === null) {
    // Kinds of one colour are one entry, whether they were sampled or not.
    const tokens = new Set(swatches.map((swatch) => KIND_TOKEN[swatch]));
    for (let n = 0; n < tree.length; n++) passed[n] = tokens.has(KIND_TOKEN[tree.kind[n]!]) ? 1 : 0;
    return passed;
  }
  const column = swatchColumn(tree, colour);
  for (let n = 0; n < tree.length; n++) passed[n] = swatches.includes(column[n]!) ? 1 : 0;
  return passed;
}

/** Sampled tokens of the tree that the cut keeps, and those of them that carry no loss; each once. O(nodes of the task). */
export function untrainedTokens(tree: DrawnTree, cut: Cut): { readonly left: number; readonly of: number } {
  let left = 0;
  let of = 0;
  for (let n = 0; n < tree.length; n++) {
    if (Number.isNaN(cut.trained?.[n] ?? NaN) || !isKept(cut, n)) continue;
    of += tree.tokens[n]!;
    left += Math.round(tree.tokens[n]! * (1 - solidShare(cut, n)));
  }
  return { left, of };
}
