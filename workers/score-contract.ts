/** What a session worker may ask of the score worker. */
import type { GraphJob, GraphReply } from '../src/engine/score/graph-runner.ts';
import type { LoadProgress } from '../src/engine/score/model-folder.ts';
import type { ModelChoice, ModelSize } from '../src/engine/score/model-choice.ts';
import type { LoadAnswer, LoadSettings, ScoreJob } from '../src/engine/score/scorer.ts';
import type { ScoreFacts, ScoreOutcome, ScoreProgress } from '../src/core/score/run.ts';

export interface ScoreContract {
  size(model: ModelChoice, dtype: string | null): Promise<ModelSize>;
  load(settings: LoadSettings, onProgress: (progress: LoadProgress) => void): Promise<LoadAnswer>;
  run(
    job: ScoreJob,
    onFacts: (facts: ScoreFacts) => Promise<void> | void,
    onProgress: (progress: ScoreProgress) => Promise<void> | void,
  ): Promise<ScoreOutcome>;
  graph(job: GraphJob): Promise<GraphReply>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
  release(): Promise<void>;
}
