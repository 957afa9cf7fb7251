/** The candidate that a ranking chooses of each task, as files. */
import type { PredictionFormat } from '../../core/candidates/predictions.ts';

export interface PredictionsWanted {
  readonly kind: 'predictions';
  readonly format: PredictionFormat;
  /** What `model_name_or_path` says. */
  readonly model: string;
}

export interface PairsWanted {
  readonly kind: 'pairs';
}

export type ChoiceFile = PredictionsWanted | PairsWanted;

/** How often something happened: tasks of which nothing is written, and why, or what readers of the file should know. */
export interface Counted {
  readonly what: string;
  readonly count: number;
}

export interface ChoicesAnswer {
  readonly text: string;
  /** Predictions, or pairs. */
  readonly rows: number;
  readonly tasks: number;
  /** Tasks of which a row was written. */
  readonly written: number;
  /** Tasks in which the chosen one had as good a score as another: the smaller key decided. */
  readonly tied: number;
  readonly notes: readonly Counted[];
}
