/** What a node looks like before pruning: one swatch for each kind, entropy step or reward step, in the theme at hand. */
import { FLAG, KIND, KINDS } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { figureColumn } from './figure-column.ts';
import { KIND_TOKEN, mix, packed, readableOn } from './theme.ts';
import type { Rgb, Theme } from './theme.ts';

export type Colour = 'kind' | 'entropy' | 'reward';

/** Mean nats per sampled token at which the heat takes its next step; the last step is underlined with dots. */
export const ENTROPY_STEPS = [0.1, 0.25, 0.5, 1] as const;
/** Reward steps on each side of the task's mean; a step is a third of the largest distance from it. */
const REWARD_STEPS = 3;

/** A fill with its cues. `dots`: the value is unknown. `underline`: above the top entropy step. */
export interface Swatch {
  readonly fill: Rgb;
  readonly pixel: number;
  /** Of a label on the fill. */
  readonly text: string;
  /** Left edge of a protected node, and the half pixel beside it. */
  readonly edge: number;
  readonly soft: number;
  /** Hairline around a fill that is near the ground's colour. */
  readonly frame: number | null;
  readonly dots: boolean;
  readonly underline: boolean;
  readonly glyph: '' | '+' | '−';
}

const UNSAMPLED = KINDS.length;
const HEAT = UNSAMPLED + KINDS.length;
const REWARD = HEAT + 5;
const UNKNOWN = REWARD + 2 * REWARD_STEPS + 1;

/** index -> swatch; the indices are those of `swatchColumn`. */
export function makeSwatches(theme: Theme): readonly Swatch[] {
  const { rgb } = theme;
  const dark: Rgb = [13, 16, 11];
  const swatch = (fill: Rgb, cue: Partial<Pick<Swatch, 'frame' | 'dots' | 'underline' | 'glyph'>> = {}, quiet = false): Swatch => ({
    fill,
    pixel: packed(fill),
    text: `rgb(${readableOn(fill, quiet ? [rgb.ink2, rgb.ink, rgb.card, dark] : [rgb.card, rgb.ink, dark]).join(' ')})`,
    edge: packed(mix(fill, rgb.ink, 0.6)),
    soft: packed(mix(fill, rgb.ink, 0.25)),
    frame: null,
    dots: false,
    underline: false,
    glyph: '',
    ...cue,
  });
  const neutral = rgb['k-context'];
  const swatches: Swatch[] = [];
  for (const token of KIND_TOKEN) swatches.push(swatch(rgb[token], {}, token === 'k-context' || token === 'k-result'));
  // Hue means sampled: replayed or demonstrated turns keep only a trace of it.
  for (const token of KIND_TOKEN) swatches.push(swatch(token === 'k-result' ? rgb[token] : mix(neutral, rgb[token], 0.22), {}, true));
  for (const [step, token] of (['h0', 'h1', 'h2', 'h3', 'h4'] as const).entries())
    swatches.push(swatch(rgb[token], { underline: step === 4, frame: step === 0 ? packed(rgb.line2) : null }, step === 0));
  for (let step = -REWARD_STEPS; step <= REWARD_STEPS; step++) {
    const share = Math.abs(step) / REWARD_STEPS;
    swatches.push(
      swatch(mix(neutral, step < 0 ? rgb['k-call'] : rgb['k-text'], share), { glyph: step === 0 ? '' : step < 0 ? '−' : '+' }, step === 0),
    );
  }
  swatches.push(swatch(rgb.sunk, { dots: true, frame: packed(rgb.line) }, true));
  return swatches;
}

/** node -> index into `makeSwatches`. */
export function swatchColumn(tree: DrawnTree, colour: Colour): Uint8Array {
  const column = new Uint8Array(tree.length);
  const scale = colour === 'reward' ? rewardScale(tree) : { mean: 0, reach: 0 };
  const figure = figureColumn(tree, colour);
  for (let n = 0; n < tree.length; n++) {
    const sampled = (tree.flags[n]! & FLAG.sampled) !== 0;
    const byKind = tree.kind[n]! + (sampled ? 0 : UNSAMPLED);
    if (colour === 'kind') column[n] = byKind;
    // What was not sampled has no policy entropy: it stays neutral, and is not unknown.
    else if (colour === 'entropy')
      column[n] = sampled ? entropySwatch(figure[n]!) : UNSAMPLED + (tree.kind[n] === KIND.result ? KIND.result : KIND.system);
    else column[n] = rewardSwatch(figure[n]!, scale);
  }
  return column;
}

function entropySwatch(entropy: number): number {
  if (Number.isNaN(entropy)) return UNKNOWN;
  let step = 0;
  while (step < ENTROPY_STEPS.length && entropy >= ENTROPY_STEPS[step]!) step++;
  return HEAT + step;
}

/** Mean reward over the task's trajectories as its roots know it; 0 where unknown. Rewards are coloured by their distance from it. */
export function meanReward(tree: DrawnTree): number {
  const reward = figureColumn(tree, 'reward');
  let sum = 0;
  let weight = 0;
  for (let n = 0; n < tree.length; n = tree.subtreeEnd[n]!) {
    if (Number.isNaN(reward[n]!)) continue;
    sum += reward[n]! * tree.reachCount[n]!;
    weight += tree.reachCount[n]!;
  }
  return weight > 0 ? sum / weight : 0;
}

/** The mean, and the largest distance of a node from it. */
function rewardScale(tree: DrawnTree): { readonly mean: number; readonly reach: number } {
  const mean = meanReward(tree);
  const reward = figureColumn(tree, 'reward');
  let reach = 0;
  for (let n = 0; n < tree.length; n++) {
    const distance = Math.abs(reward[n]! - mean);
    if (distance > reach) reach = distance;
  }
  return { mean, reach };
}

function rewardSwatch(reward: number, scale: { readonly mean: number; readonly reach: number }): number {
  if (Number.isNaN(reward)) return UNKNOWN;
  const distance = scale.reach > 1e-9 ? (reward - scale.mean) / scale.reach : 0;
  // Anything that differs takes at least the first step, so that the sign is always told.
  const step = Math.abs(distance) < 1e-6 ? 0 : Math.sign(distance) * Math.ceil(Math.abs(distance) * REWARD_STEPS - 1e-6);
  return REWARD + REWARD_STEPS + step;
}
