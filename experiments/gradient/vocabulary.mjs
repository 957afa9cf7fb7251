/** A tokenizer.json over the ids in use: it spells each id as o200k_base does, and has no merges, since no text is tokenised. */
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';

const MARKS = new Map([
  [200264, '<|im_start|>'],
  [200265, '<|im_end|>'],
  [200266, '<|im_sep|>'],
]);

/** The printable character that stands for each byte in byte-level vocabularies (GPT-2's table). */
const printable = (() => {
  /** @type {string[]} */
  const characters = [];
  for (let byte = 0, next = 256; byte < 256; byte++) {
    const shows = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    characters.push(String.fromCodePoint(shows ? byte : next++));
  }
  return characters;
})();

const encoder = new TextEncoder();

/** @param {readonly number[]} ids in use -> o200k_base id */
export function tokenizerOf(ids) {
  /** @type {Record<string, number>} */
  const vocab = {};
  const added = [];
  ids.forEach((id, at) => {
    const mark = MARKS.get(id);
    const piece = ranks[id];
    if (mark !== undefined)
      added.push({ id: at, content: mark, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
    else vocab[[...(typeof piece === 'string' ? encoder.encode(piece) : piece)].map((byte) => printable[byte]).join('')] = at;
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      vocab,
      merges: [],
    },
  };
}
