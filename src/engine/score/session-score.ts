/** The scoring verbs of a session: what is open, brought together with the model that scores it. */
import type { ScoreScope } from '../../core/score/wanted.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { Dataset } from '../dataset.ts';
import type { LoadProgress } from './model-folder.ts';
import type { ModelChoice, ModelSize } from './model-choice.ts';
import type { LoadAnswer, LoadSettings, Scorer } from './scorer.ts';
import type { ModelColumns } from './columns.ts';
import {
  makeScoring,
  type ModelAgreement,
  type OpenState,
  type RestoredScores,
  type ScoreEnd,
  type ScoreEstimate,
  type ScoreUpdate,
} from './scoring.ts';

export interface SessionScore {
  /** Grows whenever scores have changed: orders, trees, nodes and facts answer anew. */
  readonly version: number;
  /** Bytes and files of a model, before anything is read. */
  size(model: ModelChoice, dtype: string | null): Promise<ModelSize>;
  /** Reads a model and starts it on the best device. Rejects with AbortError after `cancel`. */
  load(settings: LoadSettings, onProgress: (progress: LoadProgress) => void): Promise<LoadAnswer>;
  /** What scoring what is open would cost; plans it. @param sketch with sketches of gradients, of every sampled token that lacks one */
  estimate(scope: ScoreScope, sketch?: boolean): Promise<ScoreEstimate>;
  /** Runs the plan of the last estimate; scores appear while it runs. */
  start(onProgress: (update: ScoreUpdate) => void): Promise<ScoreEnd>;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Ends a run because other files are being opened; a model that is being read goes on. */
  leave(): void;
  /** Lets go of all scores, such as those of a cancelled run: what the log says stands alone again. While a run goes on, ends it. */
  discard(): void;
  /** What is open has grown or shrunk: scores of tokens that are still there stay, and a run that is going on ends. */
  carry(before: Dataset, after: Dataset, spliced: Pick<Spliced, 'spans'>): void;
  /** A file for `restore`. Rejects where there are no scores. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  restore(bytes: Uint8Array): Promise<RestoredScores>;
  /** null where no token has both a logged and a computed figure. */
  agreement(): ModelAgreement | null;
  /** For the dataset that is open, or null; they grow while a run goes on. */
  columns(): ModelColumns | null;
  /** The same, as they are now and stay. */
  snapshot(): ModelColumns | null;
}

/**
 * @param open what is open now; throws where nothing is. @param onModel told when another model, hence perhaps another
 * device, is on its way
 */
export function makeSessionScore(scorer: Scorer, open: () => OpenState, onModel: () => void): SessionScore {
  const scoring = makeScoring(scorer);
  return {
    get version() {
      return scoring.version;
    },
    size: (model, dtype) => scorer.size(model, dtype),
    load(settings, onProgress) {
      onModel();
      return scoring.load(settings, onProgress);
    },
    estimate: async (scope, sketch = false) => scoring.estimate(open(), scope, sketch),
    start: (onProgress) => scoring.start(open().dataset, onProgress),
    pause: () => scoring.pause(),
    resume: () => scoring.resume(),
    cancel: () => scoring.cancel(),
    leave: () => scoring.leave(),
    discard: () => scoring.leave(),
    carry: (before, after, spliced) => scoring.carry(before, after, spliced),
    save: () => scoring.save(open().dataset),
    restore: (bytes) => scoring.restore(open().dataset, bytes),
    agreement: () => scoring.agreement(open().dataset),
    columns: () => scoring.columns(open().dataset),
    snapshot: () => scoring.snapshot(open().dataset),
  };
}

/** Stands in where a session was made without a scorer. */
export const NO_SCORER: Scorer = {
  size: () => Promise.resolve({ ok: false, reason: 'this session cannot run models' }),
  load: () => Promise.resolve({ ok: false, reason: 'this session cannot run models' }),
  run: () => Promise.resolve({ ok: false, reason: 'this session cannot run models', steps: 0, fallbacks: [] }),
  graph: () => Promise.resolve({ ok: false, reason: 'this session cannot run models' }),
  pause: () => undefined,
  resume: () => undefined,
  cancel: () => undefined,
  release: () => Promise.resolve(),
};
