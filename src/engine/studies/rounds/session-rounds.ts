/** The verb of a session about rounds. */
import type { RoundsAnswer, RoundsQuestion } from '../../answers/rounds.ts';
import { makePause } from '../../pause.ts';
import type { StudyContext } from '../study-context.ts';
import { roundsOf } from './rounds.ts';

export interface SessionRounds {
  /** What rounds of rollouts gained. A newer question ends one that runs: it rejects with `AbortError`. */
  rounds(question: RoundsQuestion): Promise<RoundsAnswer>;
}

export function makeSessionRounds({ dataset, rollouts, begin }: Pick<StudyContext, 'dataset' | 'rollouts' | 'begin'>): SessionRounds {
  return {
    async rounds(question) {
      const signal = begin('rounds');
      const answer = await roundsOf(dataset(), rollouts.rollouts(), question, makePause(signal));
      signal.throwIfAborted();
      return answer;
    },
  };
}
