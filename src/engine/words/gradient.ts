/** Words for the gradient meter: page, CLI, manifest and reports say them alike. */
import { modelText } from '../../core/score/model-source.ts';
import type { GradientSource, GradientWhyNot } from '../answers/gradient.ts';

/** For example `sketch of the last layer's gradient under espalier-3m (fp16, wasm), which is not the model you train`. */
export function measuredText({ of, model }: Pick<GradientSource, 'of' | 'model'>, textOf = modelText): string {
  const what = of === 'last layer' ? 'the last layer’s gradient' : 'the gradient by the logits';
  return `sketch of ${what} under ${textOf(model).replace(/^model: /, '')}, which is not the model you train`;
}

/** What limits the figures, in sentences without a full stop. */
export function measuredNotes({ why, coverage, share, among }: GradientSource): string[] {
  const notes = among === 'all' ? [] : ['the full set is that of the successes: failures are no part of it'];
  if (why !== null) notes.push(`the hidden state is not known (${why})`);
  if (coverage < 1) notes.push(`${(Math.floor(coverage * 1000) / 10).toFixed(1)} % of sampled nodes have a sketch`);
  if (share < 1) notes.push(`estimated from ${(share * 100).toFixed(1)} % of them, drawn by hash`);
  return notes;
}

const WHY: Readonly<Record<GradientWhyNot, string>> = {
  'no scores': 'no model has scored this log',
  'no sketches': 'the scores hold no sketches of gradients',
  'no weight': 'no token of the full set has a gradient weight: every advantage is 0 or unknown',
  pending: 'not computed yet',
};

/** What is not known, and why. */
export function whyText(why: GradientWhyNot): string {
  return WHY[why];
}

/** `0.93 (0.90 to 0.95)`; three digits from 0.995 on, so that what is nearly all is told from all. */
export function cosineText({ cosine, low, high }: { readonly cosine: number; readonly low: number; readonly high: number }): string {
  const digits = Math.abs(cosine) >= 0.995 ? 4 : 2;
  const text = (value: number): string => value.toFixed(digits);
  return high - low > 10 ** -digits ? `${text(cosine)} (${text(low)} to ${text(high)})` : text(cosine);
}
