import fc from 'fast-check';
import * as library from 'gpt-tokenizer/encoding/o200k_base';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeBytePairs } from '../../../src/engine/tokenizers/byte-pairs.ts';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';

const tokenizer = makeO200k();
const reference = (text: string): number[] => library.encode(text, { disallowedSpecial: new Set() });

const PLAIN = [
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\v',
  '\f',
  'a',
  'the',
  'The',
  'ABC',
  'aB',
  'Z',
  "'",
  "'s",
  "'S",
  "'ll",
  "'LL",
  "'Ve",
  "'r",
  "'re",
  "'x",
  "'t",
  '1',
  '12',
  '1234',
  '!',
  '//',
  '/',
  '{"',
  '":',
  '\\n',
  '_',
  '-',
  '\u0000',
  '\u007f',
];
const FOREIGN = [
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u3000',
  '٣',
  '½',
  'é',
  'É',
  'ß',
  'ǅ',
  'ʰ',
  '的',
  '中文',
  '\u0301',
  '\u0903',
  '\u20dd',
  '😀',
  '👩‍👩‍👧',
  '“',
  '—',
  'ſ',
  'K',
  '𝐀',
  '𝟙',
  '𐐀',
  '𐐨',
  '\u{e0100}',
  '\u{10ffff}',
  '\ud800',
];

/** Texts of bits of these kinds, long enough that most of a text is read 64 bytes at a time. */
function soup(bits: readonly string[], most: number): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...bits) }, { weight: 1, arbitrary: fc.string({ maxLength: 4 }) }), {
      maxLength: most,
      size: 'max',
    })
    .map((pieces) => pieces.join(''));
}

describe('o200k_base', () => {
  it("gives the library's ids on real text", () => {
    const locales = ['ar', 'fa', 'he', 'ja', 'ka', 'km', 'ko', 'ru', 'ta', 'th', 'tr', 'ur', 'vi', 'zh-CN'].map(
      (name) => `node_modules/zod/src/v4/locales/${name}.ts`,
    );
    const ours = ['README.md', 'package-lock.json', 'src/core/model/rollout.ts'];
    for (const path of [...ours, 'node_modules/gpt-tokenizer/README.md', ...locales]) {
      const text = readFileSync(path, 'utf8').slice(0, 60_000);
      expect(Array.from(tokenizer.encode(text)), path).toEqual(reference(text));
    }
    const words = readFileSync('node_modules/gpt-tokenizer/esm/bpeRanks/o200k_base.js', 'utf8');
    for (let from = 0; from < words.length; from += 200_000) {
      const text = words.slice(from, from + 20_000).toWellFormed();
      expect(Array.from(tokenizer.encode(text))).toEqual(reference(text));
    }
  });
  it("gives the library's ids on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        // The library drops a byte-order mark that its decoder swallows; ours keeps every byte.
        fc.pre(!text.includes('\ufeff'));
        expect(Array.from(tokenizer.encode(text))).toEqual(reference(text));
      }),
      { numRuns: 400 },
    );
  });
  it("gives the library's ids on text made of everything that the split pattern tells apart", () => {
    const checked = (text: string): void => {
      expect(Array.from(tokenizer.encode(text))).toEqual(reference(text.toWellFormed()));
    };
    fc.assert(fc.property(soup([...PLAIN, ...FOREIGN], 24), checked), { numRuns: 3000 });
    fc.assert(fc.property(soup(PLAIN, 150), checked), { numRuns: 1500 });
    fc.assert(fc.property(soup([...PLAIN, ...PLAIN, ...PLAIN, ...FOREIGN], 150), checked), { numRuns: 1500 });
  });
  it("gives the library's ids on texts of several chunks", () => {
    fc.assert(
      fc.property(soup([...PLAIN, ...FOREIGN], 60), fc.integer({ min: 90_000, max: 300_000 }), (unit, length) => {
        fc.pre(unit.length > 20);
        const text = unit.repeat(Math.ceil(length / unit.length)).toWellFormed();
        expect(Array.from(tokenizer.encode(text))).toEqual(reference(text));
      }),
      { numRuns: 8 },
    );
  });
  it("gives the library's ids on runs of every length that is treated in another way", () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz';
    for (const unit of [' ', '\n', '-', 'a', 'Z', '=', '\t', alphabet, '中', 'é', 'aé', '\u0301']) {
      for (const length of [1, 2, 3, 7, 8, 9, 15, 16, 17, 47, 48, 49, 62, 63, 64, 65, 66, 127, 128, 129, 255, 256, 257, 258, 300]) {
        for (const tail of ['', 'x', ' x', '\n', "'s", 'é', ' '.repeat(70)]) {
          const text = unit.repeat(length).slice(0, length) + tail;
          expect(Array.from(tokenizer.encode(text)), JSON.stringify(text)).toEqual(reference(text));
        }
      }
    }
  });
  it('gives the same ids once pieces are remembered, and after more of them than it remembers', () => {
    const small = makeBytePairs(['a', 'b', 'c', 'ab', 'abc']);
    expect(Array.from(small.encode('abcab'))).toEqual([4, 3]);
    expect(Array.from(small.encode('abcab'))).toEqual([4, 3]);
    const words = Array.from({ length: 110_000 }, (_, i) => ` zq${String(i).replace(/\d/g, (digit) => 'bcdfghjklm'[Number(digit)])}`);
    const some = words.slice(0, 300).join('');
    const expected = reference(some);
    for (const text of [some, words.join(''), some, some]) {
      const ids = Array.from(tokenizer.encode(text));
      if (text === some) expect(ids).toEqual(expected);
    }
  });
  it('spells every text back byte by byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const bytes: number[] = [];
        for (const id of Array.from(tokenizer.encode(text))) bytes.push(...tokenizer.bytes(id)!);
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))).toBe(text);
      }),
    );
  });
  it('takes a long run of one character in its stride', () => {
    expect(tokenizer.encode(' '.repeat(200_000)).length).toBe(1563);
    expect(Array.from(tokenizer.encode('ab'.repeat(2000)))).toEqual(reference('ab'.repeat(2000)));
    // Longer than the room that the module has at first.
    const ids = tokenizer.encode(`x${' '.repeat(300_000)}y`);
    expect(Array.from(ids).reduce((sum, id) => sum + tokenizer.bytes(id)!.length, 0)).toBe(300_002);
    expect(Array.from(tokenizer.encode('then a short one'))).toEqual(reference('then a short one'));
  });
  it('treats special tokens in text as text', () => {
    expect(Array.from(tokenizer.encode('<|im_start|>'))).toEqual(reference('<|im_start|>'));
    expect(Array.from(tokenizer.encode('<|im_start|>'))).not.toContain(200_264);
  });
});
