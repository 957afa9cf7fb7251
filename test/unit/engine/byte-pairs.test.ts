import fc from 'fast-check';
import * as library from 'gpt-tokenizer/encoding/o200k_base';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';

const tokenizer = makeO200k();
const reference = (text: string): number[] => library.encode(text, { disallowedSpecial: new Set() });

describe('o200k_base', () => {
  it('gives the library\'s ids on real text', () => {
    for (const path of ['README.md', 'package-lock.json', 'src/core/model.ts', 'node_modules/gpt-tokenizer/README.md']) {
      const text = readFileSync(path, 'utf8').slice(0, 60_000);
      expect([...Array.from(tokenizer.encode(text))]).toEqual(reference(text));
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
