/** A tokenizer with the chat template that came with it. */
import type { ChatTemplate } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';

export interface LoadedTokenizer {
  readonly tokenizer: Tokenizer;
  /** null: the plain template. */
  readonly template: ChatTemplate | null;
}
