/** A tokenizer.json whose marks and words of a header have Qwen's ids; every other byte is a token of its own. */
const HEADER_IDS = { system: 8948, user: 872, assistant: 77091 };
const MARKS = { '<|im_start|>': 151644, '<|im_end|>': 151645 };

export function qwenTokenizerJson(): string {
  const vocab: Record<string, number> = {};
  for (let byte = 0, next = 256; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    // Byte 10 has Qwen's id of a line end.
    vocab[String.fromCodePoint(printable ? byte : next++)] = byte === 10 ? 198 : byte === 198 ? 10 : byte;
  }
  const merges: [string, string][] = [];
  for (const [word, id] of Object.entries(HEADER_IDS)) {
    for (let length = 2; length <= word.length; length++) {
      merges.push([word.slice(0, length - 1), word[length - 1] ?? '']);
      vocab[word.slice(0, length)] = length === word.length ? id : 1000 + Object.keys(vocab).length;
    }
  }
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return JSON.stringify({
    version: '1.0',
    added_tokens: Object.entries(MARKS).map(([content, id]) => ({ id, content, ...flags })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges },
  });
}
