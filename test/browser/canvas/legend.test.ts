/** The legend says what the swatches show: same colours, same cues. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { legendOf } from '../../../src/app/canvas/legend.ts';
import { makeSwatches, swatchColumn } from '../../../src/app/canvas/palette.ts';
import type { Swatch } from '../../../src/app/canvas/palette.ts';
import { readTheme } from '../../../src/app/canvas/theme.ts';
import { drawTree, makeStage } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage(10, 10);
});
afterEach(() => stage.remove());

const tree = drawTree(`
  S X1 X2
  S X3
  S X4
  S X5
`);

function swatchesOf(colour: 'entropy' | 'reward', values: Readonly<Record<string, number>>): readonly Swatch[] {
  const column = Float32Array.from(tree.names, (name) => values[name] ?? 0);
  const swatches = makeSwatches(readTheme(stage.host));
  const indices = swatchColumn({ ...tree, figures: { [colour]: column } }, colour);
  return tree.names.flatMap((name, n) => (name in values ? [swatches[indices[n]]] : []));
}

/** "r g b" of a CSS background. */
function rgbOf(background: string): string {
  stage.host.style.background = background;
  return getComputedStyle(stage.host).backgroundColor.replace(/[^\d ]/g, '');
}

it('shows the entropy steps, lowest first, and the unknown', () => {
  const swatches = swatchesOf('entropy', { X1: 0.05, X2: 0.1, X3: 0.3, X4: 0.5, X5: 2 });
  const legend = legendOf('entropy');
  expect(swatches.map(({ fill }) => fill.join(' '))).toEqual(legend.slice(0, 5).map(({ background }) => rgbOf(background)));
  expect(swatches.map(({ underline }) => underline)).toEqual(legend.slice(0, 5).map(({ cue }) => cue === 'underline'));
  const [unknown] = swatchesOf('entropy', { X1: Number.NaN });
  expect([unknown.dots, unknown.fill.join(' ')]).toEqual([true, rgbOf(legend[5].background)]);
});

it('shows rewards below and above the task mean with their signs', () => {
  const [below, mean, above] = swatchesOf('reward', { S: 0, X1: -1, X3: 0, X4: 1 }).slice(1);
  const legend = legendOf('reward');
  for (const [i, swatch] of [below, mean, above].entries()) {
    expect(swatch.fill.join(' ')).toBe(rgbOf(legend[i].background));
    expect(swatch.glyph || 'none').toBe(legend[i].cue);
  }
});
