/** What the session has from a language model for a dataset: columns parallel to the forest's edge tokens, NaN where not scored. */
export interface ModelColumns {
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** `model: NAME (DTYPE, EXECUTOR)` */
  readonly source: string;
  readonly scored: number;
}
