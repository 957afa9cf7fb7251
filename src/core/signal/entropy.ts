/** Entropy of every node from the best source that each of its sampled tokens has, log and model put together where a node has both. */
import type { EntropyAggregate } from '../model/rule.ts';
import type { Forest } from '../model/forest.ts';
import {
  COMBINED,
  ENTROPY_SOURCES,
  LOGGED,
  loggedSourceOf,
  loggedValue,
  mayBeLogged,
  MIXED,
  MODEL,
  TOP_K,
  UNKNOWN,
} from './entropy-source.ts';
import { shrinkageOf, shrunkValue, type Shrinkage } from './shrinkage.ts';
import type { TokenValues } from './signal.ts';

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
  /** What its values are made of, token by token. */
  readonly by: TokenEntropies;
  /** Tokens with a value below 0, which only rounding or a filler in the log can give; they count as logged. */
  readonly negative: number;
}

/** Entropy of single tokens. `at` is a token's place in `edgeTokens`, `node` its node. */
export interface TokenEntropies {
  /** In nats, from the best source that the token has; NaN where nothing is known. */
  readonly valueOf: TokenValues;
  /** Index into ENTROPY_SOURCES; `mixed` never. */
  readonly sourceOf: (at: number, node: number) => number;
  /** Null where log and model do not meet. */
  readonly shrinkage: Shrinkage | null;
}

/**
 * Logged entropy and bounds stand as they are. A scored token of a node that the log says something of is worth what they say
 * together (`shrinkage.ts`); elsewhere the log-prob counts, or the model's entropy, scaled where log and model meet.
 *
 * @param model entropy from a language model run by the workbench, parallel to `edgeTokens`, NaN where not computed. O(tokens) with it.
 */
export function tokenEntropies(forest: Forest, model: Float32Array | null): TokenEntropies {
  const { channels } = forest;
  const shrinkage = shrinkageOf(forest, model);
  const scale = shrinkage?.scale ?? 1;
  const modelAt = (at: number): number => (model === null ? Number.NaN : model[at]);
  const sourceOf = (at: number, node: number): number => {
    const logged = loggedSourceOf(channels, at);
    if (logged === LOGGED || logged === TOP_K) return logged;
    if (Number.isNaN(modelAt(at))) return logged;
    return shrinkage !== null && shrinkage.tokens[node] > 0 ? COMBINED : MODEL;
  };
  return {
    shrinkage,
    sourceOf,
    valueOf(at, node) {
      const source = sourceOf(at, node);
      if (source === MODEL) return scale * modelAt(at);
      if (source !== COMBINED) return loggedValue(channels, source, at);
      return shrunkValue(shrinkage!, node, loggedValue(channels, loggedSourceOf(channels, at), at), modelAt(at));
    },
  };
}

/** O(tokens); `top20` sorts each node's values. @param model as for `tokenEntropies` */
export function nodeEntropy(forest: Forest, aggregate: EntropyAggregate, model: Float32Array | null = null): NodeEntropy {
  const { length, channels } = forest;
  const sum = new Float64Array(length);
  const low = new Float64Array(length);
  const high = new Float64Array(length);
  const h = aggregate === 'sum' ? sum : new Float64Array(length);
  const known = new Int32Array(length);
  const sampledTokens = new Int32Array(length);
  const source = new Uint8Array(length).fill(UNKNOWN);
  const by = tokenEntropies(forest, model);
  const scale = by.shrinkage?.scale ?? 1;
  const isKnown = mayBeLogged(channels) || model !== null;
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
      const from = by.sourceOf(i, n);
      if (from === UNKNOWN) continue;
      const value = from === COMBINED ? by.valueOf(i, n) : from === MODEL ? scale * model![i] : loggedValue(channels, from, i);
      if (count === 0) source[n] = from;
      else if (source[n] !== from) source[n] = MIXED;
      if (value < 0) negative++;
      values[count++] = value;
      sum[n] += value;
      low[n] += from === TOP_K ? channels.entropyLow![i] : value;
      high[n] += from === TOP_K ? channels.entropyHigh![i] : value;
    }
    known[n] = count;
    if (count === 0) continue;
    if (aggregate === 'mean') h[n] = sum[n] / count;
    if (aggregate === 'top20') h[n] = meanOfLargest(values.subarray(0, count), Math.ceil(count / 5));
  }
  return { h, sum, low, high, known, sampledTokens, source, by, negative };
}

/**
 * ENTROPY_SOURCES index -> distinct sampled tokens over the forest whose value `nodeEntropy` takes from there (`mixed` stays
 * 0, `none` has no value).
 */
export function tokensBySource(forest: Forest, by: TokenEntropies = tokenEntropies(forest, null)): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(ENTROPY_SOURCES.length);
  const { entropy } = forest.channels;
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const start = forest.edgeStart[n];
    const end = forest.edgeStart[n + 1];
    const logged = entropy === null ? 0 : countValues(entropy, start, end);
    if (logged === end - start) counts[LOGGED] += logged;
    else for (let i = start; i < end; i++) counts[by.sourceOf(i, n)]++;
  }
  return counts;
}

function countValues(column: Float32Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (!Number.isNaN(column[i])) count++;
  return count;
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
