/** Score limits that suit a model and a machine. */
import type { LanguageModel } from '../../core/score/language-model.ts';
import type { ScoreLimits } from '../../core/score/plan.ts';

/** Logits of one request, so that they stay well inside a 128 MiB binding and a modest memory. */
const LOGITS_BYTES = 32 << 20;
/** Caches alive at the same time. */
const CACHE_BYTES = 512 << 20;
/** More tokens at once bring little; fewer make progress, pause and cancel finer. */
const CHUNK = 256;

/** `overlap`: a quarter of the context, so that windows repeat a third of what they bring. [ours] */
export function scoreLimits(
  model: Pick<LanguageModel, 'vocabulary' | 'context' | 'cacheBytesPerToken' | 'maxRows'>,
  start: number | null,
): ScoreLimits {
  return {
    context: model.context,
    overlap: Math.floor(model.context / 4),
    chunk: Math.max(16, Math.min(CHUNK, Math.floor(LOGITS_BYTES / (4 * model.vocabulary)))),
    batch: model.maxRows,
    // A model so wide that its own context does not fit is given what it needs for a few thousand tokens.
    cacheTokens: Math.max(6144, Math.floor(CACHE_BYTES / Math.max(1, model.cacheBytesPerToken))),
    start,
  };
}
