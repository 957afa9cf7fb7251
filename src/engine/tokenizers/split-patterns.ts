/**
 * The split patterns of tokenizer.json files that our own encoder (`wasm/splits.h`) knows, by their exact text. They tell the same
 * characters apart; how they differ is in the bits.
 */
import { get, getList, getString, isObject } from '../../formats/json.ts';

export interface SplitPattern {
  /** As `splits.h` reads them. */
  readonly bits: number;
  /** What `\s` is. A `Split` means Unicode's blanks; `ByteLevel` on its own is the library's own expression, so the host's `\s`. */
  readonly blank: RegExp;
}

const SPACE_LEADS = 4;
const FOLDED = 8;
const LISTED = 16;

const UNICODE_BLANK = /(?![\r\n])\p{White_Space}/u;
export const HOST_BLANK = /[^\S\r\n]/u;

const BLANKS = String.raw`\s+(?!\S)|\s+`;
const OTHERS = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|${BLANKS}`;
const WORDS = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const ENDINGS = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)`;
const CAPITALS = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const SMALL = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const LEAD = String.raw`[^\r\n\p{L}\p{N}]?`;
const SPACE_LED = String.raw` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|${BLANKS}`;

const KNOWN: ReadonlyMap<string, number> = new Map([
  // gpt-oss.
  [
    `${LEAD}${CAPITALS}*${SMALL}+${ENDINGS}?|${LEAD}${CAPITALS}+${SMALL}*${ENDINGS}?|` +
      String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|${BLANKS}`,
    0,
  ],
  // cl100k_base, Llama 3.
  [String.raw`${ENDINGS}|${WORDS}|\p{N}{1,3}|${OTHERS}`, LISTED | FOLDED | 3],
  // Qwen 2, 2.5 and 3.
  [String.raw`${ENDINGS}|${WORDS}|\p{N}|${OTHERS}`, LISTED | FOLDED | 1],
  // The bundled model.
  [String.raw`'(?:[sdmt]|ll|ve|re)|${WORDS}|\p{N}{1,2}|${OTHERS}`, LISTED | 2],
  // GPT-2.
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d|${SPACE_LED}`, LISTED | SPACE_LEADS],
  [String.raw`'(?:[sdmt]|ll|ve|re)|${SPACE_LED}`, LISTED | SPACE_LEADS],
]);

/** The pattern of a `pre_tokenizer` that is byte-level, or null where it is another or does more. */
export function splitPatternOf(preTokenizer: unknown): SplitPattern | null {
  if (isByteLevel(preTokenizer, true)) return { bits: LISTED | SPACE_LEADS, blank: HOST_BLANK };
  const steps = getList(preTokenizer, 'pretokenizers') ?? [];
  if (getString(preTokenizer, 'type') !== 'Sequence' || steps.length !== 2 || !isByteLevel(steps[1], false)) return null;
  const [split] = steps;
  const pattern = get(split, 'pattern');
  const text = getString(pattern, 'Regex');
  const isolates = get(split, 'behavior') === 'Isolated' && get(split, 'invert') === false;
  const keepsMatches = get(split, 'behavior') === 'Removed' && get(split, 'invert') === true;
  if (getString(split, 'type') !== 'Split' || text === undefined || !(isolates || keepsMatches)) return null;
  const bits = KNOWN.get(text);
  return bits === undefined ? null : { bits, blank: UNICODE_BLANK };
}

function isByteLevel(value: unknown, useRegex: boolean): boolean {
  if (!isObject(value) || value['type'] !== 'ByteLevel' || (value['add_prefix_space'] ?? false) !== false) return false;
  return (value['use_regex'] ?? true) === useRegex;
}
