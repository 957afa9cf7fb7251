/** What the overlay makes of a token: its heat, and its figures in words. */
import { ENTROPY_SOURCES, type EntropySource } from '../../core/signal/entropy-source.ts';
import type { TranscriptTokens } from '../../engine/answers/transcript.ts';
import { scaleText } from '../../engine/words/sources.ts';
import type { Overlay } from '../state/transcript.ts';
import { decimal, signed } from './format.ts';
import { heatOf } from './tokens.ts';

export const OVERLAYS: readonly { readonly value: Overlay; readonly label: string; readonly about: string }[] = [
  { value: 'none', label: 'text', about: 'The text as it was said' },
  { value: 'entropy', label: 'entropy', about: 'Entropy of the next-token distribution, in nats; underlined from 2.4 nats on' },
  { value: 'surprisal', label: 'surprisal', about: '−log p of the token that was drawn, in nats: one sample of the entropy' },
  { value: 'advantage', label: 'advantage', about: 'As logged for the token, else that of its trajectory; below 0 underlined' },
  { value: 'training', label: 'training', about: 'Tokens under a line carry loss, those with a dotted edge none' },
  {
    value: 'mismatch',
    label: 'mismatch',
    about: 'Log-prob by the trainer less that by the sampler, in nats; where no trainer is logged, by the model that scored the log',
  },
];

const SURPRISAL = ENTROPY_SOURCES.indexOf('surprisal');
const NONE = ENTROPY_SOURCES.indexOf('none');

/** Whether the value is an entropy, and not a surprisal that stands in for it. */
function hasEntropy({ source }: TranscriptTokens, i: number): boolean {
  return source[i] !== SURPRISAL && source[i] !== NONE;
}

/** The trainer's log-prob less the sampler's, as logged; else the scoring model's in the trainer's place. NaN where one is unknown. */
function mismatchAt({ mismatch, modelSurprisal, surprisal }: TranscriptTokens, i: number): number {
  const logged = mismatch[i] ?? NaN;
  return Number.isNaN(logged) ? (surprisal[i] ?? NaN) - (modelSurprisal[i] ?? NaN) : logged;
}

/** The class that paints it; empty: nothing is known of it there. */
export function overlayClass(tokens: TranscriptTokens, i: number, overlay: Overlay): string {
  switch (overlay) {
    case 'entropy':
      return heat(hasEntropy(tokens, i) ? (tokens.entropy[i] ?? NaN) : NaN);
    case 'surprisal':
      return heat(surprisalAt(tokens, i));
    case 'advantage':
      return balance(tokens.sampled[i] === 1 ? (tokens.advantage[i] ?? NaN) : NaN);
    case 'mismatch':
      return balance(mismatchAt(tokens, i));
    case 'training':
      return trainingClass(tokens.weight[i] ?? NaN);
    default:
      return '';
  }
}

function trainingClass(weight: number): string {
  if (Number.isNaN(weight)) return '';
  return weight > 0 ? 'carries-loss' : 'carries-none';
}

function surprisalAt({ surprisal, modelSurprisal }: TranscriptTokens, i: number): number {
  const logged = surprisal[i] ?? NaN;
  return Number.isNaN(logged) ? (modelSurprisal[i] ?? NaN) : logged;
}

function heat(value: number): string {
  return Number.isNaN(value) ? '' : `heat-${heatOf({ entropy: value, surprisal: NaN })}`;
}

/** Sizes at which the hue of a signed figure grows stronger. */
const STEPS = [0.05, 0.5, 1.5] as const;

function balance(value: number): string {
  if (Number.isNaN(value)) return '';
  const strength = STEPS.filter((step) => Math.abs(value) >= step).length;
  return strength === 0 ? '' : `${value > 0 ? 'above' : 'below'}-${strength}`;
}

export interface TokenFigure {
  readonly name: string;
  readonly value: string;
  /** Where it is from. */
  readonly source: string;
}

/** Everything that is known of a token. */
export function tokenFigures(tokens: TranscriptTokens, i: number): readonly TokenFigure[] {
  const figures: TokenFigure[] = [];
  const model = tokens.model ?? 'a model';
  const put = (name: string, value: number, text: string, source: string): void => {
    if (!Number.isNaN(value)) figures.push({ name, value: text, source });
  };
  const entropy = hasEntropy(tokens, i) ? (tokens.entropy[i] ?? NaN) : NaN;
  const source = ENTROPY_SOURCES[tokens.source[i] ?? NONE] ?? 'none';
  const scored = `${model}${scaleText(tokens.modelScale)}`;
  const from: Partial<Record<EntropySource, string>> = {
    model: scored,
    combined: `log with ${scored}`,
    'top-k': 'middle of the bounds by top-k',
  };
  put('entropy', entropy, `${decimal(entropy)} nats`, from[source] ?? source);
  const surprisal = tokens.surprisal[i] ?? NaN;
  put('surprisal', surprisal, `${decimal(surprisal)} nats`, 'logged');
  put('probability', surprisal, decimal(Math.exp(-surprisal), 3), 'logged');
  const modelled = tokens.modelSurprisal[i] ?? NaN;
  put('surprisal', modelled, `${decimal(modelled)} nats`, model);
  const mismatch = mismatchAt(tokens, i);
  const isLogged = !Number.isNaN(tokens.mismatch[i] ?? NaN);
  put(isLogged ? 'trainer − sampler' : 'model − sampler', mismatch, `${signed(mismatch)} nats`, isLogged ? 'logged' : `${model}, logged`);
  const advantage = tokens.advantage[i] ?? NaN;
  if (tokens.sampled[i] === 1) put('advantage', advantage, signed(advantage), 'of the token or its trajectory');
  const weight = tokens.weight[i] ?? NaN;
  put('weight', weight, weight > 0 ? decimal(weight, 3) : 'no loss', 'over all records, by branch-mean');
  return figures;
}
