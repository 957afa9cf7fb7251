/** Words for what "retained" counts: page, CLI and manifest say them alike. */
import type { Fill } from '../../core/signal/fill.ts';
import type { SignalFacts } from '../answers/pruning.ts';

/** For example `entropy`, `imported scores: advantage`, `sampled turns, as no entropy is known`. */
export function signalName({ asked, used, label }: Pick<SignalFacts, 'asked' | 'used' | 'label'>): string {
  const name = used === 'imported' ? `imported scores: ${label}` : label;
  return asked === used ? name : `${name}, as no ${ASKED[asked] ?? asked} is known`;
}

const ASKED: Readonly<Record<string, string>> = { imported: 'imported score' };

const FILLED: Readonly<Record<Fill, string>> = { mean: 'the rest counts as the task’s mean', none: 'the rest is left out' };

/** What choices and certificates rest on where values are missing; null where all are known. */
export function coverageText({ coverage, fill, used, label, isSplit }: Omit<SignalFacts, 'asked' | 'unit'>): string | null {
  if (coverage >= 1) return null;
  const known = `${used === 'imported' ? 'scores' : label} known for ${knownShare(coverage)} of sampled tokens; ${FILLED[fill]}`;
  const split = isSplit ? ', and each task keeps the same share of its own cost, because some task knows less than half' : '';
  return `${known}${split}. Retained is of what is known`;
}

/** Rounded down: it never looks complete when it is not. */
function knownShare(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9);
  return share > 0 && tenths === 0 ? '< 0.1 %' : `${(tenths / 10).toFixed(1)} %`;
}
