/** Where the entropy of a token comes from, and what the log itself says of it. */
import type { Forest } from '../model/forest.ts';

/**
 * Where a node's entropy comes from; `loggedSourceOf` has the precedence of what a log says. `combined`: log and model together
 * (`shrinkage.ts`); `mixed`: its tokens differ in source; `none`: no sampled token has a value.
 */
export const ENTROPY_SOURCES = ['logged', 'top-k', 'model', 'surprisal', 'combined', 'mixed', 'none'] as const;
export type EntropySource = (typeof ENTROPY_SOURCES)[number];

export const LOGGED = 0;
export const TOP_K = 1;
export const MODEL = 2;
const SURPRISAL = 3;
export const COMBINED = 4;
export const MIXED = 5;
export const UNKNOWN = 6;

type Channels = Forest['channels'];

/** Index into ENTROPY_SOURCES of the best that the log says of the token at `at`: entropy, bounds on it, its log-prob, or nothing. */
export function loggedSourceOf({ entropy, entropyLow, entropyHigh, surprisal }: Channels, at: number): number {
  if (entropy !== null && !Number.isNaN(entropy[at])) return LOGGED;
  if (entropyLow !== null && entropyHigh !== null && !Number.isNaN(entropyLow[at] + entropyHigh[at])) return TOP_K;
  return surprisal !== null && !Number.isNaN(surprisal[at]) ? SURPRISAL : UNKNOWN;
}

/** The value in nats of a token from a source of its log; NaN for any other. */
export function loggedValue(channels: Channels, source: number, at: number): number {
  if (source === LOGGED) return channels.entropy![at];
  if (source === TOP_K) return (channels.entropyLow![at] + channels.entropyHigh![at]) / 2;
  return source === SURPRISAL ? channels.surprisal![at] : Number.NaN;
}

/** The log itself says something of the token: its entropy, bounds on it, or its log-prob. */
export function isLogged(channels: Channels, at: number): boolean {
  return loggedSourceOf(channels, at) !== UNKNOWN;
}

/** The log may say something of some token. */
export function mayBeLogged({ entropy, entropyLow, entropyHigh, surprisal }: Channels): boolean {
  return entropy !== null || (entropyLow !== null && entropyHigh !== null) || surprisal !== null;
}
