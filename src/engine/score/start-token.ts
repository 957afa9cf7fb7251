/** Which token a text begins with, by what the tokenizer itself puts before one. */
import { get, getList, isObject } from '../../formats/json.ts';

/**
 * `post_processor` of tokenizer.json decides where there is one: a token that it puts before a single text, or none.
 * @param named the token that tokenizer_config.json and config.json name
 */
export function startToken(tokenizer: unknown, tokenizerConfig: unknown, named: number | null): number | null {
  const processor = get(tokenizer, 'post_processor');
  if (named === null || !isObject(processor) || get(tokenizerConfig, 'add_bos_token') === true) return named;
  return putBefore(processor);
}

/** https://huggingface.co/docs/tokenizers/api/post-processors */
function putBefore(processor: unknown): number | null {
  const parts = getList(processor, 'processors');
  if (parts) return parts.map(putBefore).find((id) => id !== null) ?? null;
  // Those of BERT and RoBERTa name their token with its id.
  const id = getList(processor, 'cls')?.[1];
  if (typeof id === 'number') return id;
  const first = get(getList(processor, 'single')?.[0], 'SpecialToken');
  const token = get(first, 'id');
  if (typeof token !== 'string') return null;
  const ids = getList(get(get(processor, 'special_tokens'), token), 'ids');
  return typeof ids?.[0] === 'number' ? ids[0] : null;
}
