/** The legend shows what is drawn: same scale, same colours, same cues, for every statistic that can be a colour. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEntries, legendOf } from '../../../src/app/canvas/legend.ts';
import { swatchColumn } from '../../../src/app/canvas/palette.ts';
import { cssOfSwatch, cueOfSwatch, makeSwatches } from '../../../src/app/canvas/swatches.ts';
import { KIND_TOKEN, readTheme } from '../../../src/app/canvas/theme.ts';
import { STATISTICS } from '../../../src/engine/statistics/registry.ts';
import { drawTree, makeStage } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage(10, 10);
});
afterEach(() => stage.remove());

const plain = drawTree(`
  S X1 X2
  S X3
  S X4
  S X5
`);
const treeWith = (id: string, values: Readonly<Record<string, number>>) => ({
  ...plain,
  figures: { [id]: Float32Array.from(plain.names, (name) => values[name] ?? Number.NaN) },
});
const VALUES = { S: 40, X1: 5, X2: -10, X3: 30, X4: 50, X5: 200 };

/** "r g b" of a CSS background, as the browser paints it. */
function rgbOf(background: string): string {
  stage.host.style.background = background;
  const ink = document.createElement('canvas').getContext('2d')!;
  ink.fillStyle = getComputedStyle(stage.host).backgroundColor;
  ink.fillRect(0, 0, 1, 1);
  return ink.getImageData(0, 0, 1, 1).data.slice(0, 3).join(' ');
}

describe.each(STATISTICS.filter(({ scale }) => scale !== undefined).map(({ id }) => id))('the legend of %s', (id) => {
  it('has every colour that is drawn, in the same CSS colour and with the same cue', () => {
    const tree = treeWith(id, { ...VALUES, X3: Number.NaN });
    const swatches = makeSwatches(readTheme(stage.host));
    const { entries } = legendOf(tree, id);
    const column = swatchColumn(tree, id);
    const isSampled = STATISTICS.find((statistic) => statistic.id === id)?.isOfSampled === true;
    for (const [n, name] of plain.names.entries()) {
      if (isSampled && name === 'S') continue;
      const entry = entries.find(({ swatch }) => swatch === column[n]);
      expect(entry, name).toBeDefined();
    }
    expect(entries.at(-1)).toMatchObject({ label: 'unknown' });
    for (const { swatch } of entries) {
      const { fill, glyph, underline, dots } = swatches[swatch]!;
      const painted = rgbOf(cssOfSwatch(swatch)).split(' ').map(Number);
      // Canvas and CSS may round a mixture to neighbours.
      for (const [i, part] of fill.entries())
        expect(Math.abs(part - painted[i]!), `${cssOfSwatch(swatch)} ${painted.join(' ')}`).toBeLessThanOrEqual(1);
      expect(cueOfSwatch(swatch)).toBe(glyph !== '' ? glyph : underline ? 'underline' : dots ? 'dots' : 'none');
    }
  });

  it('counts all tokens once', () => {
    const { entries } = legendOf(treeWith(id, VALUES), id);
    expect(entries.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9);
    expect(new Set(entries.map(({ label }) => label)).size).toBe(entries.length);
  });
});

it('shows rewards below and above the mean of the task in the colours of their sides', () => {
  const tree = treeWith('reward', { S: 0, X1: -1, X2: -1, X3: 0, X4: 1, X5: 0 });
  const { entries, ends } = legendOf(tree, 'reward');
  expect(ends).toEqual({ low: 'below mean', high: 'above mean' });
  expect([entries[0], entries[3], entries[6]].map((entry) => rgbOf(cssOfSwatch(entry!.swatch)))).toEqual(
    ['bad', 'k-context', 'good'].map((token) => rgbOf(`var(--${token})`)),
  );
  expect(entries.map(({ swatch }) => cueOfSwatch(swatch)).join('')).toBe('−−−none+++');
});

it('words the quintiles of entropy as they are cut, and the ends in numbers', () => {
  expect(legendOf(treeWith('entropy', VALUES), 'entropy').entries.map(({ label }) => label)).toEqual([
    '≤ 5.00 nats',
    '5.00 to 30.00 nats',
    '30.00 to 40.00 nats',
    '40.00 to 50.00 nats',
    '> 50.00 nats',
  ]);
});

it('has one step where all nodes have one value', () => {
  const same = Object.fromEntries(plain.names.map((name) => [name, 3]));
  expect(legendOf(treeWith('reach', same), 'reach').entries).toMatchObject([{ label: 'one value', share: 1 }]);
});

it('names the kinds', () => {
  expect(legendOf(plain, 'kind').entries.map(({ label }) => label)).toEqual(['context', 'thinking', 'text', 'call', 'result', 'memory']);
});

describe('entries that are looked at alone', () => {
  it('take the nodes that are drawn in their colours, and no others', () => {
    const tree = treeWith('reach', VALUES);
    const column = swatchColumn(tree, 'reach');
    const { entries } = legendOf(tree, 'reach');
    for (const { swatch } of entries)
      expect([...inEntries(tree, 'reach', [swatch])]).toEqual(Array.from(column, (each) => (each === swatch ? 1 : 0)));
    const all = entries.map(({ swatch }) => swatch);
    expect([...inEntries(tree, 'reach', all)]).toEqual(Array.from({ length: tree.length }, () => 1));
  });

  it('take all kinds that share a colour', () => {
    const [context] = legendOf(plain, 'kind').entries;
    const passed = inEntries(plain, 'kind', [context!.swatch]);
    expect(plain.names.filter((_, n) => passed[n] === 1)).toEqual(plain.names.filter((_, n) => KIND_TOKEN[plain.kind[n]!] === 'k-context'));
    expect(passed).toContain(1);
  });
});
