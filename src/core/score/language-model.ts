/** The port through which scoring sees a language model: tokens behind a cached prefix in, figures of each asked token out. */

import type { PackedSketches, SketchSource } from '../gradient/store.ts';
import type { Device } from './model-source.ts';

/**
 * Keys and values that a model holds for a prefix. Immutable: any number of requests may extend one (that is the
 * fork of a cache), also after cutting it back to its first tokens.
 */
export interface CachedPrefix {
  /** Tokens it covers. */
  readonly length: number;
}

/**
 * Rows of tokens that all continue the same prefix, and what to report about them. Rows are padded on the right to one
 * width; a causal model cannot look to the right, so padding changes nothing.
 */
export interface ForwardRequest {
  /** null: the rows start a text. */
  readonly past: CachedPrefix | null;
  /** Tokens of `past` that the rows continue, ≤ past.length; the position of each row's first token. */
  readonly pastLength: number;
  readonly rows: number;
  /** Tokens per row, padding included. */
  readonly width: number;
  /** rows × width token ids */
  readonly tokens: Int32Array;
  /** query -> index into `tokens` whose next-token distribution is asked about */
  readonly queryAt: Int32Array;
  /** query -> token id whose log-probability is asked for */
  readonly queryTarget: Int32Array;
  /** Sketches of the gradients of some queries, of `dim` numbers each; null or absent: none. */
  readonly sketch?: { readonly dim: number; /** query -> 1 where wanted */ readonly wanted: Uint8Array } | null;
  /** Hand back the prefix extended by the tokens of row 0; only with one row. */
  readonly keep: boolean;
}

export interface ForwardReply {
  /** query -> nats */
  readonly entropy: Float32Array;
  /** query -> nats, ≤ 0 */
  readonly logprob: Float32Array;
  /** query -> ‖p − 1_target‖² */
  readonly gradient: Float32Array;
  /** A row for each query whose sketch was wanted, in their order. */
  readonly sketches: PackedSketches | null;
  /** Present exactly when asked for with `keep`. */
  readonly cache: CachedPrefix | null;
}

/** Who computes, as shown wherever a figure comes from it. */
export interface ModelLabel {
  /** For example `espalier-3m`. */
  readonly name: string;
  /** Number type of the weights as stored, for example `fp16`, `fp32`, `q4`. */
  readonly dtype: string;
  readonly device: Device;
}

/**
 * A causal language model. `forward` rejects where the device cannot go on (lost, out of memory, an operator it has
 * not); caches of such a model are worthless. Calls must not overlap.
 */
export interface LanguageModel {
  readonly label: ModelLabel;
  readonly vocabulary: number;
  /** Longest text it can see, tokens. */
  readonly context: number;
  /** Most rows of one request. */
  readonly maxRows: number;
  /** Sentences for the person: what could not be done as usual. */
  readonly notes?: readonly string[];
  /** What its sketches are of; settled by the first request that asks for some. */
  readonly sketched: SketchSource;
  /** Bytes of cache per token of a prefix. */
  readonly cacheBytesPerToken: number;
  /** Bytes that caches may take at the same time, by the device's own limits. */
  readonly cacheBytes: number;
  /** It keeps nothing of a prefix: each request reads it again. */
  readonly rereads?: boolean;
  forward(request: ForwardRequest): Promise<ForwardReply>;
  /** The first `length` tokens of a cache as one of their own; `cache` stays. */
  cut(cache: CachedPrefix, length: number): CachedPrefix;
  /** Gives a cache's memory back. */
  drop(cache: CachedPrefix): void;
  /** Gives everything back; the model cannot be used afterwards. */
  dispose(): Promise<void>;
}
