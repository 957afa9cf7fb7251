/** What a session worker may ask of the score worker. */
import type { Scorer } from '../src/engine/score/scorer.ts';
import type { Asked } from './contract.ts';

export type ScoreContract = Asked<Scorer>;

/** Name of a score worker in a place that is lent to it: it has one thread. */
export const LENT_SCORER = 'espalier score, lent';
