/** What a language model has filled in. */
import type { Sketches } from '../../core/gradient/store.ts';
import type { ModelSource } from '../../core/score/model-source.ts';
import type { ScoreWindows } from '../../core/score/score-windows.ts';

export interface ModelColumns {
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** ‖p − 1_y‖² of the token y; all NaN where the scores come from a file that has none */
  readonly gradient: Float32Array<ArrayBuffer>;
  readonly source: ModelSource;
  /** SHA-256 of the model's files and of its tokenizer.json; null where an opened export does not say. */
  readonly by: { readonly model: string; readonly tokenizer: string } | null;
  readonly scored: number;
  /** What was seen of long texts; null where an opened file does not say. */
  readonly windows: ScoreWindows | null;
  /** Of last-layer gradients; null where none were asked for. */
  readonly sketches: Sketches | null;
}
