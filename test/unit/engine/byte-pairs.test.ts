import fc from 'fast-check';
import * as library from 'gpt-tokenizer/encoding/o200k_base';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeBytePairs } from '../../../src/engine/tokenizers/byte-pairs.ts';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';

const tokenizer = makeO200k();
const reference = (text: string): number[] => library.encode(text, { disallowedSpecial: new Set() });

describe('o200k_base', () => {
  it('gives the library\'s ids on real text', () => {
    for (const path of ['README.md', 'package-lock.json', 'src/core/model.ts', 'node_modules/gpt-tokenizer/README.md']) {
      const text = readFileSync(path, 'utf8').slice(0, 60_000);
      expect(Array.from(tokenizer.encode(text))).toEqual(reference(text));
    }
  });
  it('gives the library\'s ids on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        // The library drops a byte-order mark that its decoder swallows; ours keeps every byte.
        fc.pre(!text.includes('\ufeff'));
        expect(Array.from(tokenizer.encode(text))).toEqual(reference(text));
      }),
      { numRuns: 400 },
    );
  });
  it('gives the library\'s ids on text made of everything that the split pattern tells apart', () => {
    const bits = [
      ' ', '  ', '\t', '\n', '\r\n', '\r', '\v', '\f', '\u00a0', '\u2028', '\u3000', 'a', 'the', 'The', 'ABC', 'aB', 'Z', "'", "'s", "'S", "'ll", "'LL", "'Ve", "'r", "'re", "'x", "'t", '1', '12', '1234',
      '٣', '½', '!', '//', '/', '{"', '":', '\\n', '_', '-', '\u0000', '\u007f', 'é', 'É', 'ß', 'ǅ', 'ʰ', '的', '中文', '\u0301', '😀', '👩‍👩‍👧', '“', '—', 'ſ', 'K', '\ud800',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 4 })), { maxLength: 24 }), (pieces) => {
        const text = pieces.join('');
        expect(Array.from(tokenizer.encode(text))).toEqual(reference(text.toWellFormed()));
      }),
      { numRuns: 4000 },
    );
  });
  it('gives the same ids once pieces are remembered, and after more of them than it remembers', () => {
    const small = makeBytePairs(['a', 'b', 'c', 'ab', 'abc'], /[a-c]+| /gu);
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
  it('merges long pieces as short ones', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz'.repeat(9);
    for (let length = 90; length < 104; length++) expect(Array.from(tokenizer.encode(long.slice(0, length)))).toEqual(reference(long.slice(0, length)));
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
  });
  it('treats special tokens in text as text', () => {
    expect(Array.from(tokenizer.encode('<|im_start|>'))).toEqual(reference('<|im_start|>'));
    expect(Array.from(tokenizer.encode('<|im_start|>'))).not.toContain(200_264);
  });
});
