/** What the session has from a language model for a dataset: columns parallel to the forest's edge tokens, NaN where not scored. */
import type { Forest } from '../../core/model/forest.ts';
import type { Sketches } from '../../core/gradient/store.ts';
import type { Device, ModelSource } from '../../core/score/model-source.ts';
import type { ScoreWindows } from '../../core/score/score-windows.ts';
import type { Dataset } from '../dataset.ts';
import type { Restored } from '../restored.ts';
import type { ModelColumns } from './columns.ts';

const NOT_NAMED: ModelSource = { name: 'not named', dtype: null, devices: [] };

/** The columns that an opened forest export holds, or null. Surprisal and gradient are not in it. */
export function exportedColumns(forest: Forest, restored: Restored | null): ModelColumns | null {
  const entropy = forest.channels.model;
  if (entropy === null) return null;
  let scored = 0;
  for (let i = 0; i < entropy.length; i++) if (!Number.isNaN(entropy[i])) scored++;
  return {
    entropy: Float32Array.from(entropy),
    surprisal: new Float32Array(entropy.length).fill(NaN),
    gradient: new Float32Array(entropy.length).fill(NaN),
    source: restored?.modelSource ?? NOT_NAMED,
    by: restored?.modelHashes ?? null,
    scored,
    windows: restored?.modelWindows ?? null,
    sketches: null,
  };
}

/** Columns that grow, and whose they are. */
export interface Held {
  readonly dataset: Dataset;
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** ‖p − 1_y‖² of the token y; all NaN where the scores come from a file that has none */
  readonly gradient: Float32Array<ArrayBuffer>;
  source: ModelSource;
  /** Those that computed some of the figures; before the first figure `source` names the one that it runs on. */
  computedBy: readonly Device[];
  readonly by: NonNullable<ModelColumns['by']>;
  scored: number;
  readonly windows: ScoreWindows | null;
  sketches: Sketches | null;
}

/** Tokens that were forwarded for their sketch alone have a gradient only. */
export function isUnscored({ entropy, gradient }: Pick<Held, 'entropy' | 'gradient'>, at: number): boolean {
  return Number.isNaN(entropy[at]) && Number.isNaN(gradient[at]);
}

/** Columns that a run can go on in; null where the export does not say which model its figures are from. */
export function heldOf(dataset: Dataset, { by, ...columns }: ModelColumns): Held | null {
  return by && columns.source.dtype !== null ? { ...columns, dataset, computedBy: columns.source.devices, by } : null;
}
