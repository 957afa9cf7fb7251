/**
 * The sizes that onnxruntime-genai's folders give, under the names of a config.json.
 * https://onnxruntime.ai/docs/genai/reference/config.html
 */
import { get, getNumber } from '../../formats/json.ts';

export const GENAI_CONFIG = 'genai_config.json';

/** @param config genai_config.json, parsed. Sizes that it does not give are undefined, for `readConfig` to miss. */
export function fromGenaiConfig(config: unknown): Readonly<Record<string, number | undefined>> {
  const model = get(config, 'model');
  const decoder = get(model, 'decoder');
  return {
    vocab_size: getNumber(model, 'vocab_size'),
    max_position_embeddings: getNumber(model, 'context_length'),
    bos_token_id: getNumber(model, 'bos_token_id'),
    num_hidden_layers: getNumber(decoder, 'num_hidden_layers'),
    num_attention_heads: getNumber(decoder, 'num_attention_heads'),
    num_key_value_heads: getNumber(decoder, 'num_key_value_heads'),
    hidden_size: getNumber(decoder, 'hidden_size'),
    head_dim: getNumber(decoder, 'head_size'),
  };
}
