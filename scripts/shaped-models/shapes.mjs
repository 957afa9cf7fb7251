/** Sizes of language models as their cards give them, and how exporters lay their files out. */

/** By name. `hasBias`: of queries, keys and values; `hasHeadNorms`: each head's queries and keys are normed. */
export const SHAPES = {
  'Qwen2.5-0.5B': {
    vocabulary: 151_936,
    width: 896,
    layers: 24,
    heads: 14,
    kvHeads: 2,
    headWidth: 64,
    inner: 4864,
    context: 32_768,
    base: 1e6,
    start: null,
    hasBias: true,
    hasHeadNorms: false,
  },
  'Qwen3-0.6B': {
    vocabulary: 151_936,
    width: 1024,
    layers: 28,
    heads: 16,
    kvHeads: 8,
    headWidth: 128,
    inner: 3072,
    context: 40_960,
    base: 1e6,
    start: null,
    hasBias: false,
    hasHeadNorms: true,
  },
  'Llama-3.2-1B': {
    vocabulary: 128_256,
    width: 2048,
    layers: 16,
    heads: 32,
    kvHeads: 8,
    headWidth: 64,
    inner: 8192,
    context: 131_072,
    base: 500_000,
    start: 128_000,
    hasBias: false,
    hasHeadNorms: false,
  },
  'SmolLM2-135M': {
    vocabulary: 49_152,
    width: 576,
    layers: 30,
    heads: 9,
    kvHeads: 3,
    headWidth: 64,
    inner: 1536,
    context: 8192,
    base: 100_000,
    start: 0,
    hasBias: false,
    hasHeadNorms: false,
  },
  'SmolLM2-360M': {
    vocabulary: 49_152,
    width: 960,
    layers: 32,
    heads: 15,
    kvHeads: 5,
    headWidth: 64,
    inner: 2560,
    context: 8192,
    base: 100_000,
    start: 0,
    hasBias: false,
    hasHeadNorms: false,
  },
};

/** The same with little of everything. @param vocabulary more than its tokenizer's, as real ones are */
export function tinyShape(shape, vocabulary) {
  const heads = (2 * shape.heads) / shape.kvHeads;
  return { ...shape, vocabulary, width: 64, layers: 2, heads, kvHeads: 2, headWidth: 16, inner: 96, context: 128, start: shape.start && 0 };
}

/**
 * `operators`: `plain` are those of PyTorch's exporter, `grouped` those of ONNX Runtime's own. `turns`: who turns queries and keys by
 * their positions: the graph by `position_ids` or by what it counts itself (`counted`), or the attention (`inside`). `past`: with
 * keys and values, without, or both as branches (`merged`). `table`: the embeddings, as they are or in blocks of 4 bits.
 */
export const LAYOUTS = {
  /** As transformers.js's converter writes, and onnx-community's older repositories. */
  community: { folder: 'onnx/', data: '_data', operators: 'plain', turns: 'positions', past: 'with', table: 'whole' },
  /** onnx-community's newer ones. */
  'community-grouped': { folder: 'onnx/', data: '_data', operators: 'grouped', turns: 'positions', past: 'with', table: 'blocks' },
  optimum: { folder: '', data: '_data', operators: 'plain', turns: 'positions', past: 'with', table: 'whole' },
  'optimum-counted': { folder: '', data: '_data', operators: 'plain', turns: 'counted', past: 'with', table: 'whole' },
  'optimum-without-past': { folder: '', data: '_data', operators: 'plain', turns: 'positions', past: 'without', table: 'whole' },
  'optimum-merged': { folder: '', data: '_data', operators: 'plain', turns: 'positions', past: 'merged', table: 'whole' },
  genai: { folder: '', data: '.data', operators: 'grouped', turns: 'inside', past: 'with', table: 'whole' },
};

/** `number`: of activations, keys and values. */
export const WEIGHTS = {
  fp32: { number: 'float', isPacked: false, suffix: '' },
  fp16: { number: 'half', isPacked: false, suffix: '_fp16' },
  q4: { number: 'float', isPacked: true, suffix: '_q4' },
  q4f16: { number: 'half', isPacked: true, suffix: '_q4f16' },
};
