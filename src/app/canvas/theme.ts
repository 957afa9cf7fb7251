/** The design tokens as a canvas needs them: numbers for pixels and strings for text, read again when the theme changes. */
import { KINDS } from '../../core/model/kinds.ts';
import type { Kind } from '../../core/model/kinds.ts';

/** Red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

export type TokenName =
  | 'paper'
  | 'card'
  | 'sunk'
  | 'line'
  | 'line2'
  | 'ink'
  | 'ink2'
  | 'ink3'
  | 'leaf'
  | 'leaf-soft'
  | 'cut'
  | 'good'
  | 'bad'
  | 'focus'
  | 'k-context'
  | 'k-text'
  | 'k-think'
  | 'k-call'
  | 'k-result'
  | 'k-memory'
  | 'k-error'
  | 'h0'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4';

export interface Theme {
  readonly rgb: Readonly<Record<TokenName, Rgb>>;
  readonly css: Readonly<Record<TokenName, string>>;
  readonly font: string;
  readonly mono: string;
}

const KIND_COLOUR: Readonly<Record<Kind, TokenName>> = {
  system: 'k-context',
  user: 'k-context',
  scaffold: 'k-context',
  text: 'k-text',
  thinking: 'k-think',
  call: 'k-call',
  result: 'k-result',
  memory: 'k-memory',
  summary: 'k-memory',
};
/** The colour token of each kind of KINDS. */
export const KIND_TOKEN: readonly TokenName[] = KINDS.map((kind) => KIND_COLOUR[kind]);

/** Reads the custom properties that hold at `element`. A name that is not defined there reads as mid grey. */
export function readTheme(element: HTMLElement): Theme {
  const style = getComputedStyle(element);
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!probe) throw new Error('expected a 2d canvas context, found none');
  const colour = (name: TokenName): Rgb => {
    probe.fillStyle = '#808080';
    probe.fillStyle = style.getPropertyValue(`--${name}`).trim();
    probe.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data;
    return [r, g, b];
  };
  const rgb = eachToken(colour);
  return {
    rgb,
    css: eachToken((name) => cssOf(rgb[name])),
    font: style.getPropertyValue('--font').trim() || 'system-ui, sans-serif',
    mono: style.getPropertyValue('--mono').trim() || 'ui-monospace, monospace',
  };
}

function eachToken<T>(make: (name: TokenName) => T): Record<TokenName, T> {
  return {
    paper: make('paper'),
    card: make('card'),
    sunk: make('sunk'),
    line: make('line'),
    line2: make('line2'),
    ink: make('ink'),
    ink2: make('ink2'),
    ink3: make('ink3'),
    leaf: make('leaf'),
    'leaf-soft': make('leaf-soft'),
    cut: make('cut'),
    good: make('good'),
    bad: make('bad'),
    focus: make('focus'),
    'k-context': make('k-context'),
    'k-text': make('k-text'),
    'k-think': make('k-think'),
    'k-call': make('k-call'),
    'k-result': make('k-result'),
    'k-memory': make('k-memory'),
    'k-error': make('k-error'),
    h0: make('h0'),
    h1: make('h1'),
    h2: make('h2'),
    h3: make('h3'),
    h4: make('h4'),
  };
}

/** Calls back when `data-theme` on the document or the system's colour scheme changes, and when fonts have loaded. */
export function watchTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', onChange);
  document.fonts.addEventListener('loadingdone', onChange);
  return () => {
    observer.disconnect();
    scheme.removeEventListener('change', onChange);
    document.fonts.removeEventListener('loadingdone', onChange);
  };
}

export function cssOf([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** `share` of `to` over `from`. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return [at(from[0], to[0]), at(from[1], to[1]), at(from[2], to[2])];
}

/** A pixel of ImageData seen as Uint32 on a little-endian machine, opaque. */
export function packed([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Relative luminance, WCAG 2. */
function luminance([r, g, b]: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function linear(v: number): number {
  return v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
}

/** Contrast ratio, WCAG 2: 1..21. */
export function contrast(a: Rgb, b: Rgb): number {
  const first = luminance(a) + 0.05;
  const second = luminance(b) + 0.05;
  return first > second ? first / second : second / first;
}

/** The first of `candidates` that is readable (4.5 : 1) on `ground`, or the one with most contrast. */
export function readableOn(ground: Rgb, candidates: readonly [Rgb, ...Rgb[]]): Rgb {
  let best = candidates[0];
  for (const candidate of candidates) {
    if (contrast(candidate, ground) >= 4.5) return candidate;
    if (contrast(candidate, ground) > contrast(best, ground)) best = candidate;
  }
  return best;
}
