/** Whether a tokenizer.json belongs to a model, by its ids. */
import { getList, getNumber, getObject } from '../../formats/json.ts';

export type TokenizerFit = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * The vocabulary's own ids must all be the model's. Marks that were added to it need not be: Gemma 3 1B names a mark for images
 * that only its larger siblings read. A text that holds such a mark is scored up to there.
 */
export function tokenizerFit(path: string, tokenizerJson: unknown, tokens: number): TokenizerFit {
  const model = getObject(tokenizerJson, 'model');
  const list = getList(model, 'vocab');
  const vocabulary = list === undefined ? Object.values(getObject(model, 'vocab') ?? {}) : [...list.keys()];
  const added = new Set((getList(tokenizerJson, 'added_tokens') ?? []).flatMap((token) => getNumber(token, 'id') ?? []));
  let largest = -1;
  for (const id of vocabulary) if (typeof id === 'number' && id > largest && !added.has(id)) largest = id;
  if (largest < 0 && added.size === 0) return { ok: false, reason: `${path}: expected a vocabulary, found none` };
  if (largest >= tokens)
    return { ok: false, reason: `the tokenizer has ids up to ${largest}, but the model has ${tokens} tokens: they do not belong together` };
  return { ok: true };
}
