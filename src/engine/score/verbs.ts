/** A session's scoring verbs as the page asks for them: every one a promise, names of their own. */
import type { ScoreScope } from '../../core/score/wanted.ts';
import type { LoadProgress } from './model-folder.ts';
import type { ModelChoice, ModelSize } from './model-choice.ts';
import type { LoadAnswer, LoadSettings } from './scorer.ts';
import type { ModelAgreement, RestoredScores, ScoreEnd, ScoreEstimate, ScoreUpdate } from './scoring.ts';
import type { SessionScore } from './session-score.ts';

export interface ScoreVerbs {
  /** Files and bytes that `modelLoad` would read; nothing is read or downloaded. */
  modelSize(model: ModelChoice, dtype: string | null): Promise<ModelSize>;
  /** Reads (or downloads) a model and starts it, on the best device or the one named. Rejects with `AbortError` after `scoreCancel`. */
  modelLoad(settings: LoadSettings, onProgress: (progress: LoadProgress) => void): Promise<LoadAnswer>;
  /** What scoring what is open would cost, on the loaded model. */
  scoreEstimate(scope: ScoreScope): Promise<ScoreEstimate>;
  /**
   * Runs what the last estimate planned. `onProgress` comes after every request; when its `scoreVersion` has grown, ask
   * for facts, orders, trees and nodes again. Resolves when done, cancelled or out of devices; scores stay in any case.
   */
  scoreStart(onProgress: (update: ScoreUpdate) => void): Promise<ScoreEnd>;
  scorePause(): Promise<void>;
  scoreResume(): Promise<void>;
  scoreCancel(): Promise<void>;
  /** The scores as a file. */
  scoreSave(): Promise<Uint8Array<ArrayBuffer>>;
  /** Takes scores from such a file, if they are of this forest. */
  scoreLoad(bytes: Uint8Array): Promise<RestoredScores>;
  /** Logged against computed figures where both exist. */
  scoreAgreement(): Promise<ModelAgreement | null>;
}

export function scoreVerbs(score: SessionScore): ScoreVerbs {
  return {
    modelSize: (model, dtype) => score.size(model, dtype),
    modelLoad: (settings, onProgress) => score.load(settings, onProgress),
    scoreEstimate: (scope) => score.estimate(scope),
    scoreStart: (onProgress) => score.start(onProgress),
    scorePause: async () => score.pause(),
    scoreResume: async () => score.resume(),
    scoreCancel: async () => score.cancel(),
    scoreSave: () => score.save(),
    scoreLoad: (bytes) => score.restore(bytes),
    scoreAgreement: async () => score.agreement(),
  };
}
