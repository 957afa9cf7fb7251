/** Every fill that a node can have, named once: as design tokens for the legend, and as pixels for the canvas. */
import { KINDS } from '../../core/model/kinds.ts';
import { KIND_TOKEN, mix, packed, readableOn } from './theme.ts';
import type { Rgb, Theme, TokenName } from './theme.ts';

/** A token, or `share` of the way from it to another. */
interface Recipe {
  readonly token: TokenName;
  readonly towards?: TokenName;
  readonly share?: number;
  readonly cue?: Partial<Cues>;
  /** Its label may be quieter than ink. */
  readonly isQuiet?: boolean;
}

/** What tells a fill apart without colour. */
interface Cues {
  /** Hairline around a fill that is near the ground's colour. */
  readonly frame: TokenName | null;
  /** The value is unknown. */
  readonly dots: boolean;
  /** Above the top step. */
  readonly underline: boolean;
  readonly glyph: '' | '+' | '−';
}

/** A fill with its cues. */
export interface Swatch {
  readonly fill: Rgb;
  readonly pixel: number;
  /** Of a label on the fill. */
  readonly text: string;
  /** What stands for the fill where sampled tokens carry no loss, and a label on it. */
  readonly pale: Rgb;
  readonly palePixel: number;
  readonly paleText: string;
  /** Left edge of a protected node, and the half pixel beside it. */
  readonly edge: number;
  readonly soft: number;
  readonly frame: number | null;
  readonly dots: boolean;
  readonly underline: boolean;
  readonly glyph: Cues['glyph'];
}

/** Of the fill in what is not trained; the rest is the ground. */
const PALE = 0.2;
/** Steps on each side of the middle of a diverging scale. */
export const SIDE_STEPS = 3;
/** Steps of a scale that runs one way. */
export const HEAT_STEPS = 5;

/** First index of each family in the list of swatches. A kind that was not sampled follows those that were. */
export const UNSAMPLED = KINDS.length;
export const HEAT = UNSAMPLED + KINDS.length;
/** The middle of the diverging swatches. */
export const MIDDLE = HEAT + HEAT_STEPS + SIDE_STEPS;
export const UNKNOWN = MIDDLE + SIDE_STEPS + 1;

const RECIPES: readonly Recipe[] = [
  ...KIND_TOKEN.map((token): Recipe => ({ token, isQuiet: token === 'k-context' || token === 'k-result' })),
  // Hue means sampled: replayed or demonstrated turns keep only a trace of it.
  ...KIND_TOKEN.map((token): Recipe =>
    token === 'k-result' ? { token, isQuiet: true } : { token: 'k-context', towards: token, share: 0.22, isQuiet: true },
  ),
  ...(['h0', 'h1', 'h2', 'h3', 'h4'] as const).map((token, step): Recipe => ({
    token,
    cue: { underline: step === HEAT_STEPS - 1, frame: step === 0 ? 'line2' : null },
    isQuiet: step === 0,
  })),
  ...Array.from({ length: 2 * SIDE_STEPS + 1 }, (_, i): Recipe => {
    const step = i - SIDE_STEPS;
    return {
      token: 'k-context',
      towards: step < 0 ? 'bad' : 'good',
      share: Math.abs(step) / SIDE_STEPS,
      cue: { glyph: step === 0 ? '' : step < 0 ? '−' : '+' },
      isQuiet: step === 0,
    };
  }),
  { token: 'sunk', cue: { dots: true, frame: 'line' }, isQuiet: true },
];

/** index -> swatch in the theme at hand */
export function makeSwatches({ rgb }: Theme): readonly Swatch[] {
  const dark: Rgb = [13, 16, 11];
  return RECIPES.map(({ token, towards, share = 0, cue = {}, isQuiet = false }) => {
    const fill = towards === undefined ? rgb[token] : mix(rgb[token], rgb[towards], share);
    const { frame = null, dots = false, underline = false, glyph = '' } = cue;
    const pale = mix(rgb.paper, fill, PALE);
    return {
      fill,
      pixel: packed(fill),
      text: `rgb(${readableOn(fill, isQuiet ? [rgb.ink2, rgb.ink, rgb.card, dark] : [rgb.card, rgb.ink, dark]).join(' ')})`,
      pale,
      palePixel: packed(pale),
      paleText: `rgb(${readableOn(pale, [rgb.ink2, rgb.ink]).join(' ')})`,
      edge: packed(mix(fill, rgb.ink, 0.6)),
      soft: packed(mix(fill, rgb.ink, 0.25)),
      frame: frame === null ? null : packed(rgb[frame]),
      dots,
      underline,
      glyph,
    };
  });
}

/** The fill as a CSS value of design tokens: it follows the theme by itself. */
export function cssOfSwatch(index: number): string {
  const { token, towards, share = 0 } = RECIPES[index] ?? { token: 'sunk' };
  if (towards === undefined || share === 0) return `var(--${token})`;
  return share === 1 ? `var(--${towards})` : `color-mix(in srgb, var(--${towards}) ${share * 100}%, var(--${token}))`;
}

/** What stands on the swatch so that it can be told without colour. */
export function cueOfSwatch(index: number): '+' | '−' | 'underline' | 'dots' | 'none' {
  const { glyph = '', underline = false, dots = false } = RECIPES[index]?.cue ?? {};
  return glyph !== '' ? glyph : underline ? 'underline' : dots ? 'dots' : 'none';
}
