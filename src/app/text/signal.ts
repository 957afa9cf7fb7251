/** What the strip above the budget says of the signal. */
import type { SignalFacts } from '../../engine/answers/pruning.ts';
import { coverageText, signalName } from '../../engine/words/signal.ts';

/** Null where all of what was asked for is known. */
export function signalRemark(facts: SignalFacts): string | null {
  const coverage = coverageText(facts);
  const known = coverage && coverage.charAt(0).toUpperCase() + coverage.slice(1);
  if (facts.asked === facts.used) return known;
  return `The signal counts ${signalName(facts)}${known === null ? '' : `. ${known}`}`;
}
