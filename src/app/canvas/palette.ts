/** From what a node is to its swatch: one scale for each colouring, which the boxes and the legend both read. */
import { FLAG, KIND, KINDS } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { STATISTICS } from '../../engine/statistics/registry.ts';
import type { NodeStatistic } from '../../engine/statistics/statistic.ts';
import { figureColumn } from './figure-column.ts';
import { HEAT, HEAT_STEPS, MIDDLE, SIDE_STEPS, UNKNOWN, UNSAMPLED } from './swatches.ts';

/** `kind`, or the id of a statistic. */
export type Colour = string;

/** How the values of a statistic become swatches in one tree. */
export interface ColourScale {
  readonly statistic: NodeStatistic;
  /** Swatches of known values, lowest first. */
  readonly swatches: readonly number[];
  /** step i holds values between edges[i - 1] and edges[i]; one fewer than there are swatches */
  readonly edges: readonly number[];
  /** Of a diverging scale: what is neither above nor below. */
  readonly centre: number | null;
  /** Index into `swatches`; NaN is unknown. */
  stepOf(value: number): number;
}

/** Tells rounding from a difference. */
const SAME = 1e-6;

/** Scales of the trees at hand, so that a frame need not sort. */
const made = new WeakMap<DrawnTree, Map<Colour, ColourScale | null>>();

/** Null for `kind`, and for what is no statistic with a scale. */
export function colourScale(tree: DrawnTree, colour: Colour): ColourScale | null {
  const held = made.get(tree) ?? new Map<Colour, ColourScale | null>();
  made.set(tree, held);
  const known = held.get(colour);
  if (known !== undefined) return known;
  const scale = makeScale(tree, colour);
  held.set(colour, scale);
  return scale;
}

function makeScale(tree: DrawnTree, colour: Colour): ColourScale | null {
  const statistic = STATISTICS.find(({ id }) => id === colour);
  const scale = statistic?.scale;
  if (!statistic || !scale) return null;
  const column = figureColumn(tree, statistic.id);
  return scale.kind === 'ranks'
    ? rising(statistic, quintiles(column, tree))
    : diverging(statistic, column, scale.around === 'zero' ? 0 : meanOfRoots(tree, column));
}

function rising(statistic: NodeStatistic, edges: readonly number[]): ColourScale {
  // With fewer steps they still run from the first swatch to the last.
  const apart = (HEAT_STEPS - 1) / Math.max(1, edges.length);
  return {
    statistic,
    swatches: Array.from({ length: edges.length + 1 }, (_, step) => HEAT + Math.round(step * apart)),
    edges,
    centre: null,
    stepOf(value) {
      let step = 0;
      while (step < edges.length && value > edges[step]!) step++;
      return step;
    },
  };
}

/**
 * A step is a third of the largest distance from the centre. Whatever differs from the centre takes at least the first
 * step, so that the sign is told.
 */
function diverging(statistic: NodeStatistic, column: Float32Array, centre: number): ColourScale {
  let reach = 0;
  for (const value of column) {
    const distance = Math.abs(value - centre);
    if (distance > reach) reach = distance;
  }
  const side = Array.from({ length: SIDE_STEPS }, (_, step) => (step === 0 ? SAME : step / SIDE_STEPS) * reach);
  return {
    statistic,
    swatches: Array.from({ length: 2 * SIDE_STEPS + 1 }, (_, i) => MIDDLE - SIDE_STEPS + i),
    edges: [...side.map((distance) => centre - distance).reverse(), ...side.map((distance) => centre + distance)],
    centre,
    stepOf(value) {
      const distance = reach > 1e-9 ? (value - centre) / reach : 0;
      return SIDE_STEPS + (Math.abs(distance) < SAME ? 0 : Math.sign(distance) * Math.ceil(Math.abs(distance) * SIDE_STEPS - SAME));
    },
  };
}

/** At most four values that part the nodes into fifths, fewer where many are equal; O(n log n) in the task's nodes. */
function quintiles(column: Float32Array, { length }: DrawnTree): readonly number[] {
  const sorted = column.slice(0, length).sort();
  let known = sorted.length;
  while (known > 0 && Number.isNaN(sorted[known - 1]!)) known--;
  const parts = [1, 2, 3, 4].map((fifth) => sorted[Math.floor((known * fifth) / HEAT_STEPS)]!);
  // Nothing lies above the largest value, so it parts nothing.
  return known === 0 ? [] : [...new Set(parts)].filter((edge) => edge < sorted[known - 1]!);
}

/** Mean over the task's trajectories as its roots know it; 0 where unknown. */
function meanOfRoots(tree: DrawnTree, column: Float32Array): number {
  let sum = 0;
  let weight = 0;
  for (let n = 0; n < tree.length; n = tree.subtreeEnd[n]!) {
    if (Number.isNaN(column[n]!)) continue;
    sum += column[n]! * tree.reachCount[n]!;
    weight += tree.reachCount[n]!;
  }
  return weight > 0 ? sum / weight : 0;
}

/** node -> index into `makeSwatches`. */
export function swatchColumn(tree: DrawnTree, colour: Colour): Uint8Array {
  const column = new Uint8Array(tree.length);
  const scale = colourScale(tree, colour);
  const figure = scale ? figureColumn(tree, scale.statistic.id) : null;
  for (let n = 0; n < tree.length; n++) {
    const sampled = (tree.flags[n]! & FLAG.sampled) !== 0;
    if (!scale || !figure) column[n] = tree.kind[n]! + (sampled ? 0 : UNSAMPLED);
    // What was not sampled has no policy entropy: it stays neutral, and is not unknown.
    else if (scale.statistic.isOfSampled === true && !sampled)
      column[n] = UNSAMPLED + (tree.kind[n] === KIND.result ? KIND.result : KIND.system);
    else column[n] = Number.isNaN(figure[n]!) ? UNKNOWN : scale.swatches[scale.stepOf(figure[n]!)]!;
  }
  return column;
}

/** Kinds that share a swatch, with the words for them; in the order of the legend. */
export const KIND_KEY: readonly (readonly [(typeof KINDS)[number], string])[] = [
  ['system', 'context'],
  ['thinking', 'thinking'],
  ['text', 'text'],
  ['call', 'call'],
  ['result', 'result'],
  ['memory', 'memory'],
];
