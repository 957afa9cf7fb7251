/** How one token is shown: its heat, and white space made visible. */
import type { NodeToken } from '../../engine/answers/looking.ts';
import { decimal } from './format.ts';

/** Nats at which heat changes; from the last one on a token is underlined as well. */
const HEAT_STEPS = [0.3, 0.8, 1.5, 2.4] as const;

export function heatOf(token: Pick<NodeToken, 'entropy' | 'surprisal'>): number {
  const value = Number.isNaN(token.entropy) ? token.surprisal : token.entropy;
  let heat = 0;
  while (heat < HEAT_STEPS.length && value >= (HEAT_STEPS[heat] ?? Infinity)) heat++;
  return heat;
}

/** What a token's title says of its loss. `weight` undefined: nothing. */
export function lossText(weight: number | undefined): string {
  if (weight === undefined) return '';
  return weight > 0 ? ` · carries loss, weight ${decimal(weight, 3)}` : ' · no loss';
}

/** Spaces, tabs and line ends as marks; line ends still break the line. */
export function showWhitespace(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\r', '␍').replaceAll('\n', '⏎\n');
}
