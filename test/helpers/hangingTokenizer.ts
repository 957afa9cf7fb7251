/** A tokenizer.json whose regular expression takes exponential time on a run of the letter a, and logs that hold one. */
import { tinyTokenizerJson } from './tinyTokenizer.ts';

export const HANGING = {
  kind: 'huggingface',
  name: 'hanging',
  get json(): string {
    const own = JSON.parse(tinyTokenizerJson()) as Record<string, unknown>;
    const split = { type: 'Split', pattern: { Regex: '(a+)+b|[^a]+|a' }, behavior: 'Isolated', invert: false };
    const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
    return JSON.stringify({ ...own, pre_tokenizer: { type: 'Sequence', pretokenizers: [split, bytes] } });
  },
} as const;

/** A text that it never gets through. */
export const ENDLESS_TEXT = 'a'.repeat(60);

export function conversations(...texts: readonly string[]): string {
  return texts
    .map(
      (text) =>
        `${JSON.stringify({
          messages: [
            { role: 'user', content: text },
            { role: 'assistant', content: 'hello' },
          ],
        })}\n`,
    )
    .join('');
}
