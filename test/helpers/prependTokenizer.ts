/** A small tokenizer.json that puts a blank before a text, as Llama 2's does, and falls back to bytes. */
const WORDS = ['he', 'll', 'hell', 'hello', '▁w', '▁wo', '▁hello', '▁▁', 'or', 'ld'];
const MERGES = ['h e', 'l l', 'he ll', 'hell o', '▁ w', '▁w o', '▁ hello', '▁ ▁', 'o r', 'l d'];

/** @param scheme `legacy`: a normalizer that prepends to every stretch between marks; `first`: the later conversions' */
export function prependTokenizerJson(
  scheme: 'legacy' | 'first',
  marks: readonly { readonly content: string; readonly rstrip: boolean }[] = [],
): string {
  const vocab: Record<string, number> = {};
  const add = (token: string): void => void (vocab[token] ??= Object.keys(vocab).length);
  for (const token of ['<unk>', '<s>', '</s>']) add(token);
  for (let byte = 0; byte < 256; byte++) add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  for (const letter of '▁abcdefghijklmnopqrstuvwxyz') add(letter);
  for (const word of WORDS) add(word);
  const flags = { single_word: false, lstrip: false, normalized: false, special: true };
  const added = [
    ...['<unk>', '<s>', '</s>'].map((content, id) => ({ id, content, rstrip: false, ...flags })),
    ...marks.map((mark, i) => ({ id: Object.keys(vocab).length + i, ...mark, ...flags })),
  ];
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  return JSON.stringify({
    version: '1.0',
    added_tokens: added,
    normalizer: scheme === 'legacy' ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, replace] } : null,
    pre_tokenizer: scheme === 'first' ? { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false } : null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: { type: 'BPE', unk_token: '<unk>', fuse_unk: true, byte_fallback: true, vocab, merges: MERGES },
  });
}
