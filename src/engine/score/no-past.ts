/**
 * A model whose graph takes no keys and values, as one with caches: a cache is the tokens of its prefix, and each request reads them again.
 */
import { NO_SCORES } from '../../core/score/kernel.ts';
import type { CachedPrefix, LanguageModel } from '../../core/score/language-model.ts';

interface TokenCache extends CachedPrefix {
  readonly tokens: Int32Array;
}

const NOTE =
  'the model takes no keys and values (an export without past): each request computes its text from the beginning, which is slow';
const TOKEN_BYTES = 4;
/** What attention takes in one layer for each pair of tokens: 32 heads of floats, and as many for their softmax. [ours] */
const PAIR_BYTES = 32 * 4 * 2;
const { entropy, logprob, gradient } = NO_SCORES;
const NOTHING = { entropy, logprob, gradient, sketches: null };

/** Takes over `model`, which is asked for whole texts only. @param cacheBytes that the tokens of prefixes may take */
export function withoutPast(model: LanguageModel, cacheBytes: number): LanguageModel {
  const caches = new Map<CachedPrefix, TokenCache>();
  const hold = (tokens: Int32Array): CachedPrefix => {
    const cache = { length: tokens.length, tokens };
    caches.set(cache, cache);
    return cache;
  };
  function prefixOf(handle: CachedPrefix | null, length: number): Int32Array {
    if (handle === null || length === 0) return new Int32Array(0);
    const cache = caches.get(handle);
    if (!cache || length > cache.length) throw new Error(`expected a cache of at least ${length} tokens, found ${cache?.length ?? 'none'}`);
    return cache.tokens.subarray(0, length);
  }
  return {
    label: model.label,
    vocabulary: model.vocabulary,
    // A request holds whole texts: its memory grows with the square of their length, and side by side they save nothing.
    context: Math.min(model.context, Math.floor(Math.sqrt(cacheBytes / PAIR_BYTES))),
    maxRows: 1,
    rereads: true,
    notes: [...(model.notes ?? []), NOTE],
    get sketched() {
      return model.sketched;
    },
    cacheBytesPerToken: TOKEN_BYTES,
    cacheBytes,
    async forward(request) {
      const { rows, width, keep } = request;
      const prefix = prefixOf(request.past, request.pastLength);
      const whole = prefix.length + width;
      const tokens = new Int32Array(rows * whole);
      for (let row = 0; row < rows; row++) {
        tokens.set(prefix, row * whole);
        tokens.set(request.tokens.subarray(row * width, (row + 1) * width), row * whole + prefix.length);
      }
      const queryAt = request.queryAt.map((at) => at + (Math.floor(at / width) + 1) * prefix.length);
      const asked = { ...request, past: null, pastLength: 0, width: whole, tokens, queryAt, keep: false };
      const scores = queryAt.length === 0 ? NOTHING : await model.forward(asked);
      return { ...scores, cache: keep ? hold(tokens.slice(0, whole)) : null };
    },
    cut: (handle, length) => hold(prefixOf(handle, length).slice()),
    drop(handle) {
      if (!caches.delete(handle)) throw new Error('expected a cache from this model, found one that it does not hold');
    },
    dispose() {
      caches.clear();
      return model.dispose();
    },
  };
}
