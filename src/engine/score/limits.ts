/** Score limits that suit a model and a machine. */
import { LEAST_TOKENS } from '../../core/score/cache-need.ts';
import type { LanguageModel } from '../../core/score/language-model.ts';
import type { ScoreLimits } from '../../core/score/plan.ts';

/** Logits of one request: no more than the 128 MiB that every WebGPU device binds at once. What has no memory for them halves. */
const LOGITS_BYTES = 128 << 20;
/** More tokens at once bring little; fewer make progress, pause and cancel finer. */
const CHUNK = 256;
/** Of a window, the part that the next one repeats: below a tenth, start token and short last windows included. [ours] */
const OVERLAP = 1 / 12;
const MIB = 1 << 20;

/** What a device has for keys and values. */
export interface CacheMemory {
  /** Of all of them together. */
  readonly bytes: number;
  /** Of one tensor; absent: no limit of its own. */
  readonly tensor?: number;
}

export function scoreLimits(
  model: Pick<LanguageModel, 'vocabulary' | 'context' | 'cacheBytesPerToken' | 'cacheBytes' | 'maxRows'>,
  start: number | null,
): ScoreLimits {
  return {
    context: model.context,
    overlap: Math.floor(model.context * OVERLAP),
    chunk: Math.max(16, Math.min(CHUNK, Math.floor(LOGITS_BYTES / (4 * model.vocabulary)))),
    batch: model.maxRows,
    cacheTokens: Math.max(LEAST_TOKENS, Math.floor(model.cacheBytes / Math.max(1, model.cacheBytesPerToken))),
    start,
  };
}

/**
 * Caches on WebAssembly live twice, in JavaScript and in a heap of 4 GiB beside the model and what it works with.
 * @param memory bytes of the machine @param model bytes of the model's files
 */
export function wasmMemory(memory: number, model: number): CacheMemory {
  const heap = 4096 * MIB - 1.5 * model - 512 * MIB;
  return { bytes: Math.max(256 * MIB, Math.min(memory / 4, heap)) };
}

/**
 * Caches in a device's own memory: half of it, the rest being the log's and the model's. A GPU tells no size of its memory: the machine's.
 * @param tensor most bytes of one tensor, for example of a storage buffer
 */
export function ownMemory(memory: number, tensor = Infinity): CacheMemory {
  return { bytes: memory / 2, tensor };
}
