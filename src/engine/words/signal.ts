/** Words for what "retained" counts: page, CLI and manifest say them alike. */
import type { SignalFacts } from '../answers/pruning.ts';

/** For example `entropy`, `imported scores: advantage`, `sampled turns, as no entropy is known`. */
export function signalName({ asked, used, label }: Pick<SignalFacts, 'asked' | 'used' | 'label'>): string {
  const name = used === 'imported' ? `imported scores: ${label}` : label;
  return asked === used ? name : `${name}, as no ${ASKED[asked] ?? asked} is known`;
}

const ASKED: Readonly<Record<string, string>> = { imported: 'imported score' };

/** What a certificate rests on where values are missing; null where all are known. */
export function coverageText({ coverage }: Pick<SignalFacts, 'coverage'>): string | null {
  return coverage < 1 ? `signal known for ${knownShare(coverage)} of sampled tokens, the others count the mean of their kind` : null;
}

/** Rounded down: it never looks complete when it is not. */
function knownShare(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9);
  return share > 0 && tenths === 0 ? '< 0.1 %' : `${(tenths / 10).toFixed(1)} %`;
}
