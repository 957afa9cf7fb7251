/** What a session worker may ask of the score worker. */
import type { Scorer } from '../src/engine/score/scorer.ts';
import type { Asked } from './contract.ts';

export type ScoreContract = Asked<Scorer>;
