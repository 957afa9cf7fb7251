/** The verbs of a session about ground truths. */
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import type { TruthSettings } from '../../../core/truths/settings.ts';
import type { TruthPairs, TruthsAnswer, TruthsBeyond, TruthStops } from '../../answers/truths.ts';
import type { SurveyProgress } from '../../surveys/session-surveys.ts';
import type { StudyContext } from '../study-context.ts';
import { truthsAnswer, truthStops } from './answer.ts';
import { truthsBeyond } from './beyond.ts';
import { truthsCsv } from './csv.ts';
import { truthPairs } from './pairs.ts';
import { truthStudy } from './held-study.ts';
import type { TruthStudy } from './study.ts';

export interface SessionTruths {
  /**
   * Every rollout beside the ground truths of its task: discrepancy, relative reward, correlation with the logged one, and what stopping
   * early would have saved and lost. Reads records again at the first question. Rejects with `AbortError` after `stopStudy('truths')`.
   */
  truths(settings: TruthSettings, onProgress?: (progress: SurveyProgress) => void): Promise<TruthsAnswer>;
  /** Where each rollout deviates by more than a threshold, in calls. */
  truthStops(settings: TruthSettings, threshold: number): Promise<TruthStops>;
  /** What lies beyond those places, for an act that drops it. */
  truthsBeyond(settings: TruthSettings, threshold: number): Promise<TruthsBeyond>;
  /** A rollout's calls beside those of its nearest ground truth; null where its discrepancy is unknown. */
  truthPairs(settings: TruthSettings, rollout: RolloutKey): Promise<TruthPairs | null>;
  truthsCsv(settings: TruthSettings, threshold: number): Promise<string>;
}

export function makeSessionTruths({ surveys, begin }: StudyContext): SessionTruths {
  // What is asked beside the main question ends nothing.
  const beside = new AbortController().signal;
  const studyOf = (settings: TruthSettings): Promise<TruthStudy> => truthStudy(surveys, settings, beside);
  return {
    truths: async (settings, onProgress) => truthsAnswer(await truthStudy(surveys, settings, begin('truths'), onProgress)),
    truthStops: async (settings, threshold) => truthStops(await studyOf(settings), threshold),
    truthsBeyond: async (settings, threshold) => truthsBeyond(await studyOf(settings), threshold),
    truthPairs: async (settings, rollout) => truthPairs(await studyOf(settings), rollout),
    async truthsCsv(settings, threshold) {
      const study = await studyOf(settings);
      return truthsCsv(truthsAnswer(study), truthStops(study, threshold));
    },
  };
}
