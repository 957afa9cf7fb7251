/** Entropy of every node from the best source that each of its sampled tokens has. */
import type { EntropyAggregate } from '../model/rule.ts';
import type { Forest } from '../model/forest.ts';

/**
 * Where a node's entropy comes from; `entropySourceOf` has their precedence. `mixed`: its tokens differ in source;
 * `none`: no sampled token has a value.
 */
export const ENTROPY_SOURCES = ['logged', 'top-k', 'model', 'surprisal', 'mixed', 'none'] as const;
export type EntropySource = (typeof ENTROPY_SOURCES)[number];

const LOGGED = 0;
const TOP_K = 1;
const MODEL = 2;
const SURPRISAL = 3;
const MIXED = 4;
const UNKNOWN = 5;

/** Columns by node; everything in nats over the node's sampled tokens that have a value. */
export interface NodeEntropy {
  /** Under the aggregate asked for: sum, mean, or mean of the largest fifth (rounded up); 0 where nothing is known. */
  readonly h: Float64Array<ArrayBuffer>;
  readonly sum: Float64Array<ArrayBuffer>;
  /**
   * Sums of lower and upper bounds. Bounds differ from the value only for `top-k`, whose value is their midpoint; a
   * surprisal is one sample of the entropy and counts as itself in both.
   */
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  /** Sampled tokens with a value. */
  readonly known: Int32Array<ArrayBuffer>;
  /** Tokens that any trajectory sampled: the whole run or 0, as a node lies in one segment. */
  readonly sampledTokens: Int32Array<ArrayBuffer>;
  /** node -> index into ENTROPY_SOURCES */
  readonly source: Uint8Array<ArrayBuffer>;
  /** Tokens with a value below 0, which only rounding or a filler in the log can give; they count as logged. */
  readonly negative: number;
}

/**
 * O(tokens); `top20` sorts each node's values. `model`: entropy from a language model run by the workbench, parallel
 * to `edgeTokens`, NaN where not computed.
 */
export function nodeEntropy(forest: Forest, aggregate: EntropyAggregate, model: Float32Array | null = null): NodeEntropy {
  const { length, channels } = forest;
  const sum = new Float64Array(length);
  const low = new Float64Array(length);
  const high = new Float64Array(length);
  const h = aggregate === 'sum' ? sum : new Float64Array(length);
  const known = new Int32Array(length);
  const sampledTokens = new Int32Array(length);
  const source = new Uint8Array(length).fill(UNKNOWN);
  const isKnown = hasValues(forest, model);
  let negative = 0;
  let values = new Float64Array(64);
  for (let n = 0; n < length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const end = forest.edgeStart[n + 1];
    const run = end - forest.edgeStart[n];
    sampledTokens[n] = run;
    if (!isKnown) continue;
    if (values.length < run) values = new Float64Array(run * 2);
    let count = 0;
    for (let i = forest.edgeStart[n]; i < end; i++) {
      const from = entropySourceOf(channels, model, i);
      if (from === UNKNOWN) continue;
      let value: number;
      let least: number;
      let most: number;
      if (from === TOP_K) {
        least = channels.entropyLow![i];
        most = channels.entropyHigh![i];
        value = (least + most) / 2;
      } else value = least = most = (from === LOGGED ? channels.entropy : from === MODEL ? model : channels.surprisal)![i];
      if (count === 0) source[n] = from;
      else if (source[n] !== from) source[n] = MIXED;
      if (value < 0) negative++;
      values[count++] = value;
      sum[n] += value;
      low[n] += least;
      high[n] += most;
    }
    known[n] = count;
    if (count === 0) continue;
    if (aggregate === 'mean') h[n] = sum[n] / count;
    if (aggregate === 'top20') h[n] = meanOfLargest(values.subarray(0, count), Math.ceil(count / 5));
  }
  return { h, sum, low, high, known, sampledTokens, source, negative };
}

/**
 * ENTROPY_SOURCES index -> distinct sampled tokens over the forest whose value `nodeEntropy` takes from there (`mixed` stays
 * 0, `none` has no value).
 */
export function tokensBySource(forest: Forest, model: Float32Array | null = null): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(ENTROPY_SOURCES.length);
  const { entropy } = forest.channels;
  const isKnown = hasValues(forest, model);
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const start = forest.edgeStart[n];
    const end = forest.edgeStart[n + 1];
    const logged = entropy === null ? 0 : countValues(entropy, start, end);
    if (logged === end - start) counts[LOGGED] += logged;
    else if (!isKnown) counts[UNKNOWN] += end - start;
    else for (let i = start; i < end; i++) counts[entropySourceOf(forest.channels, model, i)]++;
  }
  return counts;
}

/** Some token may have a value. */
function hasValues({ channels: { entropy, entropyLow, entropyHigh, surprisal } }: Forest, model: Float32Array | null): boolean {
  return entropy !== null || (entropyLow !== null && entropyHigh !== null) || model !== null || surprisal !== null;
}

function countValues(column: Float32Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (!Number.isNaN(column[i])) count++;
  return count;
}

/** Index into ENTROPY_SOURCES. The order of precedence, said once: which source the entropy of the token at `at` is taken from. */
export function entropySourceOf(
  { entropy, entropyLow, entropyHigh, surprisal }: Forest['channels'],
  model: Float32Array | null,
  at: number,
): number {
  if (entropy !== null && !Number.isNaN(entropy[at])) return LOGGED;
  if (entropyLow !== null && entropyHigh !== null && !Number.isNaN(entropyLow[at] + entropyHigh[at])) return TOP_K;
  if (surprisal !== null && !Number.isNaN(surprisal[at])) return SURPRISAL;
  return model === null || Number.isNaN(model[at]) ? UNKNOWN : MODEL;
}

/** The log itself says something of the token: its entropy, bounds on it, or its log-prob. */
export function isLogged(channels: Forest['channels'], at: number): boolean {
  return entropySourceOf(channels, null, at) !== UNKNOWN;
}

/** The value in nats that `nodeEntropy` takes for a token, by the best source that it has; NaN where nothing is known. */
export function bestEntropy(channels: Forest['channels'], model: Float32Array | null, at: number): number {
  switch (entropySourceOf(channels, model, at)) {
    case LOGGED:
      return channels.entropy![at];
    case TOP_K:
      return (channels.entropyLow![at] + channels.entropyHigh![at]) / 2;
    case MODEL:
      return model![at];
    case SURPRISAL:
      return channels.surprisal![at];
    default:
      return Number.NaN;
  }
}

/** Sorts `values` in place. */
export function meanOfLargest(values: Float64Array, count: number): number {
  values.sort();
  let sum = 0;
  for (let i = values.length - count; i < values.length; i++) sum += values[i];
  return sum / count;
}

/** Some sampled token has a value. */
export function hasEntropy(entropy: NodeEntropy): boolean {
  return entropy.known.some((count) => count > 0);
}
