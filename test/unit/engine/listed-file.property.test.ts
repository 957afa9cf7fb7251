/** Our own encoder of byte-level tokenizer.json files against @huggingface/tokenizers on the same files. */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import fc from 'fast-check';
import * as cl100k from 'gpt-tokenizer/encoding/cl100k_base';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../../helpers/drawSeed.ts';
import { joinBytes } from '../../../src/base/bytes.ts';
import { listedBytePairs } from '../../../src/engine/tokenizers/listed-file.ts';
import {
  added,
  cl100kFile,
  listedFile,
  PATTERNS,
  preTokenizer,
  train,
  vocabularyOf,
  type FileParts,
} from '../../helpers/listedTokenizer.ts';

type File = Record<string, unknown>;

// prettier-ignore
const BITS = [
    ' ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '\v',
    '\f',
    '\n\n',
    ' \n ',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u3000',
    '\ufeff',
    '\u200b',
    '\u001c',
  'a', 'the', 'The', 'ABC', 'aB', 'Z', '1', '12', '1234', '!', '//', '/', '{"', '":', '_', '-', '\u0000', '\u007f', '=', '...',
  "'", "'s", "'S", "'ll", "'LL", "'Ve", "'r", "'re", "'x", "'t", "'D", "'m", "'lL", "''", " '", "don't", "'ſ", '’s',
  '٣', '½', '²', 'Ⅷ', 'é', 'É', 'ß', 'ǅ', 'ʰ', 'e\u0301', '\u0301', '\u0903', '\u20dd', '的', '中文', 'かな', 'カナ', '한글', 'ᄒ',
    '😀',
    '👩‍👩‍👧',
    '“',
    '—',
    'ſ',
    '\u212a',
    '\u037e',
    '𝐀',
    '𝟙',
    '𐐀',
    '𐐨',
    '\u{e0100}',
    '\u{10ffff}',
    '\ud800',
    '\udc00',
    '<|end|>',
    '<|',
    '|>',
];

function soup(most: number): fc.Arbitrary<string> {
  const bit = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...BITS) },
    { weight: 1, arbitrary: fc.string({ maxLength: 3, unit: 'binary' }) },
  );
  return fc.array(bit, { maxLength: most, size: 'max' }).map((bits) => bits.join(''));
}
/** Mostly ASCII, so that most is read 64 bytes at a time. */
const plain = fc
  .array(
    fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...BITS.filter((bit) => /^[\0-\x7f]+$/.test(bit))) }, fc.constantFrom(...BITS)),
    {
      maxLength: 120,
      size: 'max',
    },
  )
  .map((bits) => bits.join(''));

/** Both encoders of a file agree on a text: ids, and the bytes of each. */
function pairOf(file: File, settings: File = {}): (text: string) => void {
  const ours = listedBytePairs(file, settings)!;
  expect(ours).not.toBeNull();
  const library = new Library(file, settings);
  // A token that is half a character cuts the whole ones, in the library too.
  const keepsBytes = file['normalizer'] === null && !JSON.stringify(file['added_tokens']).includes('\\ud83d');
  return (text) => {
    const ids = Array.from(ours.encode(text));
    const expected = text === '' ? [] : library.encode(text, { add_special_tokens: false }).ids;
    if (ids.join() !== expected.join()) expect(ids, JSON.stringify(text)).toEqual(expected);
    if (keepsBytes) {
      expect(Buffer.from(joinBytes(ids.map((id) => ours.bytes(id)!))).equals(Buffer.from(text.toWellFormed()))).toBe(true);
    }
  };
}

const CODE = `the The theatre 's don't we'll WE'LL 1234 12 {"a": "b"}\n\n    if (a) {\n\t\treturn b;\n}`;
const SAMPLE = `${CODE} 中文 中文的 caf\u00e9 é 😀😀 👩‍👩‍👧 ${'= '.repeat(9)}`;
const sources: readonly [string, object][] = [
  ['ByteLevel', preTokenizer(undefined)],
  ...Object.entries(PATTERNS).map(([name, pattern]): [string, object] => [name, preTokenizer(pattern)]),
];

describe.each(sources)('the split pattern of %s', (_, pre) => {
  const merges = train(SAMPLE + BITS.join(' ').repeat(2), 150);
  it("gives the library's ids on every text", () => {
    const check = pairOf(listedFile({ pre, merges }));
    for (const bit of ['', ...BITS]) for (const other of BITS) check(`${bit}${other}`);
    fc.assert(fc.property(soup(24), check), { numRuns: 500 });
    fc.assert(fc.property(plain, check), { numRuns: 400 });
  });
  it("gives the library's ids whatever the merges, their order and the ids", () => {
    const file = fc.record({
      text: soup(60),
      count: fc.integer({ min: 0, max: 60 }),
      order: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      whole: fc.boolean(),
      from: fc.constantFrom(0, 3),
      spelling: fc.boolean(),
    });
    fc.assert(
      fc.property(file, fc.array(soup(20), { minLength: 4, maxLength: 4 }), ({ text, count, order, whole, from, spelling }, texts) => {
        const trained = train(text + text, count);
        const vocab = vocabularyOf(trained, from);
        // The other ways to make a token, some, and pairs out of their order.
        const all = trained.flatMap(([left, right]): [string, string][] => {
          const made = left + right;
          const ways = Array.from({ length: made.length - 1 }, (__, i): [string, string] => [made.slice(0, i + 1), made.slice(i + 1)]);
          return [[left, right], ...ways.filter(([a, b], i) => a in vocab && b in vocab && (order[i % 60]! & 1) === 1)];
        });
        const shuffled = all.map((pair, i) => ({ pair, key: order[i % 60]! })).sort((a, b) => a.key - b.key);
        const listed = shuffled.map(({ pair }) => (spelling ? pair : pair.join(' '))) as FileParts['merges'];
        const check = pairOf(listedFile({ pre, merges: listed, vocab, model: { ignore_merges: whole } }));
        for (const one of [text, ...texts]) check(one);
      }),
      { numRuns: 40 },
    );
  });
  it("gives the library's ids around runs of every length", () => {
    const check = pairOf(listedFile({ pre, merges: [...train(' '.repeat(300), 6), ...train('ab'.repeat(60), 6), ...merges] }));
    for (const unit of [' ', '\n', '-', 'a', '=', '1', 'ab', '中', '\u0301', "'", ' \n']) {
      for (const length of [1, 2, 3, 15, 16, 17, 47, 48, 62, 63, 64, 65, 128, 255, 256, 257, 600]) {
        for (const tail of ['', 'x', ' x', '\n', "'s", 'é', '1']) check(unit.repeat(length) + tail);
      }
    }
    check(`x${' \n'.repeat(500)}${'a'.repeat(4000)}${'é1 '.repeat(9000)}`);
  });
});

describe('added tokens and normalizers', () => {
  const merges = train(SAMPLE, 80);
  const size = Object.keys(vocabularyOf(merges)).length;
  it("gives the library's ids with NFC, and with added tokens of every kind inside texts", () => {
    const tokens = [
      added(size, '<|end|>'),
      added(size + 1, '<|'),
      added(size + 2, '<|e', { special: false, normalized: true }),
      added(0xe9, 'é', { special: false, normalized: true }),
      added(75, 'K'),
      added(size + 7, ' the', { special: false, normalized: false }),
      added(size + 8, '\ud83d', { normalized: false }),
    ];
    for (const normalizer of [null, { type: 'NFC' }]) {
      for (const whole of [false, true]) {
        const file = listedFile({
          pre: preTokenizer(PATTERNS['qwen']),
          merges,
          added: tokens,
          normalizer,
          model: { ignore_merges: whole },
        });
        const check = pairOf(file);
        check('K\u212a <|end|> <|e e\u0301 the<|end|>\u037e');
        fc.assert(fc.property(soup(24), check), { numRuns: 400 });
        check('\u212a');
      }
    }
    const half = listedFile({ pre: preTokenizer(PATTERNS['llama3']), merges, added: tokens });
    fc.assert(fc.property(soup(24), pairOf(half)), { numRuns: 200 });
  });
  it('takes a piece that is a token whole, though no merges lead there, only where the file ignores merges', () => {
    const vocab = { ...vocabularyOf(merges), zqx: size, ['zq'.repeat(200)]: size + 1 };
    for (const whole of [false, true]) {
      const file = listedFile({ pre: preTokenizer(PATTERNS['qwen']), merges, vocab, model: { ignore_merges: whole } });
      for (const text of ['zqx', 'a zqx\nzqx', 'zq'.repeat(200)]) pairOf(file)(text);
      expect(listedBytePairs(file, {})!.encode('zqx')).toHaveLength(whole ? 1 : 3);
    }
  });
  it('leaves to the library what it does not do', () => {
    const pre = preTokenizer(PATTERNS['qwen']);
    const base: FileParts = { pre, merges };
    const vocab = vocabularyOf(merges);
    const { '!': _, ...without } = vocab;
    const others: FileParts[] = [
      { ...base, pre: preTokenizer(`${PATTERNS['qwen']!}|x`) },
      { ...base, pre: { type: 'ByteLevel', add_prefix_space: true, use_regex: true } },
      { ...base, pre: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, preTokenizer(undefined)] } },
      { ...base, normalizer: { type: 'NFKC' } },
      { ...base, model: { byte_fallback: true } },
      { ...base, model: { unk_token: '!' } },
      { ...base, model: { type: 'Unigram' } },
      { ...base, vocab: without },
      { ...base, merges: [...merges, ['zq', 'x']] },
      { ...base, added: [added(size, '<x>', { lstrip: true })] },
      { ...base, added: [added(size, '<x>', { rstrip: true })] },
      { ...base, added: [added(size, '<x>', { single_word: true })] },
      { ...base, added: [added(5, '<x>')] },
      { ...base, added: [added(size, 'a')] },
      { ...base, added: [added(size, '<x>'), added(size + 1, '<x>')] },
      { ...base, added: [added(size, 'e\u0301', { normalized: true })], normalizer: { type: 'NFC' } },
      { ...base, added: [added(1e9, '<x>')] },
      { ...base, more: { post_processor: { type: 'BertProcessing' } } },
      { ...base, more: { decoder: { type: 'Metaspace' } } },
    ];
    expect(listedBytePairs(listedFile(base), {})).not.toBeNull();
    expect(listedBytePairs(listedFile({ ...base, pre: preTokenizer(PATTERNS['qwen'], true) }), {})).not.toBeNull();
    for (const parts of others)
      expect(listedBytePairs(listedFile(parts), {}), JSON.stringify({ ...parts, merges: 0, vocab: 0 })).toBeNull();
    expect(listedBytePairs(listedFile(base), { do_lowercase_and_remove_accent: true })).toBeNull();
  });
});

describe('real vocabularies', () => {
  const texts = ['README.md', 'package-lock.json', 'node_modules/zod/src/v4/locales/ko.ts', 'node_modules/zod/src/v4/locales/ar.ts'].map(
    (path) => readFileSync(path, 'utf8').slice(0, 40_000),
  );
  it("gives the library's ids with the bundled model's file and the fixture's", () => {
    for (const path of ['public/models/espalier-3m', 'test/fixtures/tiny-lm']) {
      const check = pairOf(JSON.parse(readFileSync(`${path}/tokenizer.json`, 'utf8')) as File);
      for (const text of [...texts, '<|endoftext|>a<|im_end|>']) check(text);
      fc.assert(fc.property(soup(30), check), { numRuns: 100 });
    }
  });
  it("gives gpt-tokenizer's ids with cl100k_base written as a tokenizer.json", () => {
    const ours = listedBytePairs(cl100kFile(PATTERNS['llama3']!), {})!;
    const check = (text: string): void => {
      expect(Array.from(ours.encode(text))).toEqual(cl100k.encode(text.toWellFormed(), { disallowedSpecial: new Set() }));
    };
    for (const text of texts) check(text);
    fc.assert(
      fc.property(
        soup(24).map((text) => text.replaceAll(/[\ufeff\u0085]/g, '')),
        check,
      ),
      { numRuns: 300 },
    );
  });
});
