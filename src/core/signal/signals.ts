/** What a sampled token can be worth; the first is the default. */
import { entropy } from './signals/entropy.ts';
import { gradient } from './signals/gradient.ts';
import { imported } from './signals/imported.ts';
import { surprisal } from './signals/surprisal.ts';
import { tokens } from './signals/tokens.ts';
import { turns } from './signals/turns.ts';

export const SIGNALS = [entropy, surprisal, gradient, tokens, turns, imported] as const;

export type SignalId = (typeof SIGNALS)[number]['id'];

/** What stands in where no token has a value of the signal that was chosen: it knows every log. */
export const FALLBACK = turns;
