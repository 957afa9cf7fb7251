/** Makes the tokenizer and chat template that a session's settings name. */
import type { TokenizerChoice } from '../answers/opening.ts';
import type { LoadedTokenizer } from './loaded.ts';

/** Vocabularies are loaded when first needed. Rejects where a dropped tokenizer.json cannot be used. */
export async function loadTokenizer(choice: TokenizerChoice): Promise<LoadedTokenizer> {
  if (choice.kind === 'o200k_base') {
    const { o200k } = await import('./o200k.ts');
    return { tokenizer: o200k(), template: null };
  }
  const { loadHuggingFace } = await import('./hugging-face.ts');
  return loadHuggingFace(choice.name, choice.json, choice.config);
}
