/** What the session has from a language model for a dataset: columns parallel to the forest's edge tokens, NaN where not scored. */
import type { Forest } from '../../core/model/forest.ts';
import { readModelSource } from '../../core/score/language-model.ts';
import type { ScoresHeader } from '../../core/score/scores-file.ts';
import type { Dataset } from '../dataset.ts';

export interface ModelColumns {
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** `model: NAME (DTYPE, EXECUTOR)` */
  readonly source: string;
  /** SHA-256 of the model's files and of its tokenizer.json; null where an opened export does not say. */
  readonly by: { readonly model: string; readonly tokenizer: string } | null;
  readonly scored: number;
}

/** The columns that an opened forest export holds, or null. Surprisal is not in it. */
export function exportedColumns(forest: Forest, source: string | null, by: ModelColumns['by']): ModelColumns | null {
  const entropy = forest.channels.model;
  if (entropy === null) return null;
  let scored = 0;
  for (let i = 0; i < entropy.length; i++) if (!Number.isNaN(entropy[i])) scored++;
  return {
    entropy: Float32Array.from(entropy),
    surprisal: new Float32Array(entropy.length).fill(NaN),
    source: source ?? 'model: not named',
    by,
    scored,
  };
}

/** Stands between the names of devices that computed figures together. */
export const BETWEEN_DEVICES = ' and ';

/** Columns that grow, and what a file of them would be headed by. */
export interface Held {
  readonly dataset: Dataset;
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  header: Omit<ScoresHeader, 'tokens' | 'length' | 'scored'>;
  executors: readonly string[];
  source: string;
  readonly by: ModelColumns['by'];
  scored: number;
}

/** Columns that a run can go on in; null where the export does not say which model its figures are from. */
export function heldOf(dataset: Dataset, { entropy, surprisal, source, by, scored }: ModelColumns): Held | null {
  const label = readModelSource(source);
  return (
    by &&
    label && {
      dataset,
      entropy,
      surprisal,
      header: { ...by, ...label },
      executors: label.executor.split(BETWEEN_DEVICES),
      source,
      by,
      scored,
    }
  );
}
