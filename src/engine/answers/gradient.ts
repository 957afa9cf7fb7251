/** How much of the training gradient a set keeps, as far as a scoring model's sketches say. */
import type { PruneRule } from '../../core/model/rule.ts';
import type { ModelSource } from '../../core/score/model-source.ts';
import type { GradientFigure } from '../../core/gradient/meter.ts';

/** What the figures were measured on; `measuredText` words it. */
export interface GradientSource {
  /** `last layer`: of the gradient of the model's last matrix; `logits`: of that by the logits alone. */
  readonly of: 'last layer' | 'logits';
  /** With `logits`: why the last layer is not known; else null. */
  readonly why: string | null;
  readonly model: ModelSource;
  /** It is a scoring model, not the one that will be trained. */
  readonly isTrained: false;
  /** The rollouts that the full set is of: under a rule that lets successes train alone, those. */
  readonly among: PruneRule['outcome'];
  /** Share of sampled nodes that the sketches stand for: less than 1 where some were not scored. */
  readonly coverage: number;
  /** Share of nodes (or of tokens, where single tokens are trained) whose sketch was kept: below 1 the figures are estimates. */
  readonly share: number;
}

export interface GradientAnswer extends GradientFigure, GradientSource {}

/**
 * `no scores`: no model has scored this log; `no sketches`: it was scored without them; `no weight`: every advantage is 0;
 * `pending`: ask `gradient` for this budget.
 */
export type GradientWhyNot = 'no scores' | 'no sketches' | 'no weight' | 'pending';

/** By task, in the order of the task table; NaN where a task has no gradient. */
export interface GradientByTask {
  readonly cosine: Float64Array<ArrayBuffer>;
  readonly norm: Float64Array<ArrayBuffer>;
}
