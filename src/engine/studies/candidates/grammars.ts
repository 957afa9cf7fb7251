/** What reads source text by its syntax, for the files of patches. */
import type { LineTokens } from '../../../core/candidates/text-lines.ts';

export type SyntaxRead = { readonly ok: true; readonly lines: LineTokens } | { readonly ok: false; readonly why: string };

export interface Grammars {
  /** Language whose grammar reads a file, by its path; null: none does. */
  nameOf(path: string): string | null;
  readerOf(path: string): ((side: string) => SyntaxRead) | null;
}

/** All is compared by its text. */
export const NO_GRAMMARS: Grammars = { nameOf: () => null, readerOf: () => null };
