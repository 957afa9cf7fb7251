/** Byte-level tokenizer.json files of every kind that our own encoder takes, with merges trained on a text that is drawn. */
import ranks from 'gpt-tokenizer/bpeRanks/cl100k_base';

/** Byte -> the character that byte-level vocabularies write it as. */
const PRINTED: readonly string[] = (() => {
  const printed: string[] = [];
  for (let byte = 0, next = 256; byte < 256; byte++) {
    const keeps = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    printed.push(String.fromCodePoint(keeps ? byte : next++));
  }
  return printed;
})();

const CONTRACTIONS = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)`;
const TAIL = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;
const WORD = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const BOTH = String.raw`\p{Lm}\p{Lo}\p{M}`;

/** The split patterns, by the family that they come from. */
export const PATTERNS: Readonly<Record<string, string>> = {
  qwen: String.raw`${CONTRACTIONS}|${WORD}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${TAIL}`,
  llama3: String.raw`${CONTRACTIONS}|${WORD}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${TAIL}`,
  bundled: String.raw`'(?:[sdmt]|ll|ve|re)|${WORD}|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*|${TAIL}`,
  gpt2: String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  o200k:
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}${BOTH}]*[\p{Ll}${BOTH}]+${CONTRACTIONS}?|` +
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}${BOTH}]+[\p{Ll}${BOTH}]*${CONTRACTIONS}?|` +
    String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${TAIL}`,
};

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };

/** A pre_tokenizer of one of the patterns; without one, ByteLevel's own. */
export function preTokenizer(pattern: string | undefined, removed = false): object {
  if (pattern === undefined) return { ...BYTE_LEVEL, use_regex: true };
  const behaviour = removed ? { behavior: 'Removed', invert: true } : { behavior: 'Isolated', invert: false };
  const split = { type: 'Split', pattern: { Regex: pattern }, ...behaviour };
  return { type: 'Sequence', pretokenizers: [split, { ...BYTE_LEVEL, use_regex: false }] };
}

export const added = (id: number, content: string, more: object = {}): object => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...more,
});

/** Merges: the commonest pair of neighbours in the text, again and again, as training does. */
export function train(text: string, merges: number): [string, string][] {
  let parts = Array.from(new TextEncoder().encode(text), (byte) => PRINTED[byte]!);
  const found: [string, string][] = [];
  while (found.length < merges) {
    const counts = new Map<string, number>();
    for (let i = 0; i + 1 < parts.length; i++) {
      const pair = `${parts[i]!} ${parts[i + 1]!}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    const [best, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    if (count < 2) break;
    const [left, right] = best.split(' ') as [string, string];
    found.push([left, right]);
    const merged: string[] = [];
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] === left && parts[i + 1] === right) {
        merged.push(left + right);
        i++;
      } else merged.push(parts[i]!);
    }
    parts = merged;
  }
  return found;
}

export interface FileParts {
  readonly pre: object;
  readonly merges: readonly (readonly [string, string])[];
  readonly added?: readonly object[];
  readonly normalizer?: object | null;
  readonly model?: object;
  /** Token -> id; without, bytes and then what the merges make, in their order. */
  readonly vocab?: Readonly<Record<string, number>>;
  readonly more?: object;
}

export function vocabularyOf(merges: FileParts['merges'], from = 0): Record<string, number> {
  const vocab: Record<string, number> = {};
  for (const token of [...PRINTED, ...merges.map(([left, right]) => left + right)]) vocab[token] ??= from + Object.keys(vocab).length;
  return vocab;
}

export function listedFile(parts: FileParts): Record<string, unknown> {
  return {
    version: '1.0',
    added_tokens: parts.added ?? [],
    normalizer: parts.normalizer ?? null,
    pre_tokenizer: parts.pre,
    post_processor: null,
    decoder: { ...BYTE_LEVEL, use_regex: true },
    model: { type: 'BPE', unk_token: null, vocab: parts.vocab ?? vocabularyOf(parts.merges), merges: parts.merges, ...parts.model },
    ...parts.more,
  };
}

/** cl100k_base's vocabulary as a tokenizer.json, as they are made of such: every pair that makes a token, by the token's rank. */
export function cl100kFile(pattern: string): Record<string, unknown> {
  const ids = new Map<string, number>();
  ranks.forEach((word, id) => {
    const bytes = typeof word === 'string' ? new TextEncoder().encode(word) : word;
    ids.set(Array.from(bytes, (byte) => PRINTED[byte]!).join(''), id);
  });
  const merges: [string, string][] = [];
  for (const token of ids.keys()) {
    for (let i = 1; i < token.length; i++) {
      if (ids.has(token.slice(0, i)) && ids.has(token.slice(i))) merges.push([token.slice(0, i), token.slice(i)]);
    }
  }
  return listedFile({ pre: preTokenizer(pattern), merges, vocab: Object.fromEntries(ids), model: { ignore_merges: true } });
}
