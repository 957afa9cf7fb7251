/** What an export keeps of what the full set would train, as lines of the summary. */
import type { Fidelity } from '../../engine/answers/fidelity.ts';
import { cosineText, measuredNotes, measuredText, whyText } from '../../engine/words/gradient.ts';
import { countText } from './figures.ts';

export function fidelityLines({ gradient, why, effectiveTokens: { before, after }, reward }: Fidelity): string[] {
  const lines = [`effective tokens    ${countText(Math.round(before))} → ${countText(Math.round(after))}`];
  if (reward !== null) lines.push(`mean reward of loss ${reward.mean.before.toFixed(3)} → ${reward.mean.after.toFixed(3)}`);
  if (gradient === null) return [...lines, `gradient kept       unknown${why === null ? '' : `: ${whyText(why)}`}`];
  lines.push(`gradient kept       cosine ${cosineText(gradient)}, norm ${gradient.norm.toFixed(2)} of the full set’s`);
  for (const note of [measuredText(gradient), ...measuredNotes(gradient)]) lines.push(`                    ${note}`);
  return lines;
}
