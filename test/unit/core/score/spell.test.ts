/** Bytes spelled with tokenizers that put a blank before a text, by the library that reads their files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSpell, type Spelled } from '../../../../src/core/score/spell.ts';
import type { Tokenizer } from '../../../../src/core/tokens/tokenizer.ts';
import { loadHuggingFace } from '../../../../src/engine/tokenizers/hugging-face.ts';
import { prependTokenizerJson } from '../../../helpers/prependTokenizer.ts';

const MARKS = [
  { content: '<|user|>', rstrip: true },
  { content: '<|end|>', rstrip: false },
];
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const load = (scheme: 'legacy' | 'first'): Tokenizer => loadHuggingFace(scheme, prependTokenizerJson(scheme, MARKS), undefined).tokenizer;
const tokensOf = (tokenizer: Tokenizer, { ids }: Spelled): string[] => Array.from(ids, (id) => decoder.decode(tokenizer.bytes(id)!));

describe.each(['legacy', 'first'] as const)('a blank before a text, %s', (scheme) => {
  const tokenizer = load(scheme);
  const spell = makeSpell(tokenizer);

  it('is kept where a text begins, and counts no byte', () => {
    const spelled = spell(encoder.encode('hello world'), true);
    expect(tokensOf(tokenizer, spelled)).toEqual([' hello', ' wo', 'r', 'ld']);
    expect(Array.from(spelled.lengths)).toEqual([5, 3, 1, 2]);
    expect(spelled.exact).toBe(true);
  });

  it('is not there where a text goes on', () => {
    const spelled = spell(encoder.encode('hello world'), false);
    expect(tokensOf(tokenizer, spelled)).toEqual(['hello', ' wo', 'r', 'ld']);
    expect(tokensOf(tokenizer, spell(encoder.encode(' hello'), false))).toEqual([' hello']);
    expect(tokensOf(tokenizer, spell(encoder.encode('\nhello'), false))).toEqual(['\n', 'hello']);
  });

  it('beside marks, with the line end that a mark swallows', () => {
    const spelled = spell(encoder.encode('<|user|>\nhello<|end|>hello'), false);
    expect(tokensOf(tokenizer, spelled).filter((text) => text.startsWith('<'))).toEqual(['<|user|>', '<|end|>']);
    expect(spelled.exact).toBe(true);
    expect(spelled.ids.length).toBeLessThan(8);
  });

  it('never costs a byte, nor spells by bytes what the tokenizer spells by words', () => {
    const texts = fc.string({ unit: fc.constantFrom('h', 'hello', ' ', '  ', '\n', 'wor', 'é', '▁', '€', '<|user|>', '<|end|>', '\t') });
    fc.assert(
      fc.property(texts, fc.boolean(), fc.nat(3), fc.nat(3), (text, begins, before, after) => {
        const whole = encoder.encode(text);
        const bytes = whole.subarray(Math.min(before, whole.length), Math.max(Math.min(before, whole.length), whole.length - after));
        const { ids, lengths, exact } = spell(bytes, begins);
        expect(exact).toBe(true);
        let at = 0;
        const own = Array.from(ids, (id, k) => {
          const piece = tokenizer.bytes(id)!;
          const stands = bytes.subarray(at, (at += lengths[k]!));
          expect(stands.length).toBeGreaterThan(0);
          // What it is, less a blank that was put before it, and with the blanks that a mark swallowed.
          const said = decoder.decode(stands);
          const meant = decoder.decode(piece);
          expect([said, said.trimEnd(), ` ${said}`, ` ${said.trimEnd()}`].includes(meant)).toBe(true);
          return id;
        });
        if (!text.includes('▁') && bytes.length === whole.length)
          expect(own.length).toBeLessThanOrEqual(Array.from(tokenizer.encode(text)).length + 2);
      }),
    );
  });
});

it('spells with the ids below it what the model has no token for', () => {
  const tokenizer = load('legacy');
  const mark = Array.from(tokenizer.encode('<|end|>')).at(-1)!;
  const spelled = makeSpell(tokenizer, mark)(encoder.encode('hello<|end|>'), false);
  expect(Math.max(...Array.from(spelled.ids))).toBeLessThan(mark);
  expect(spelled.exact).toBe(true);
  expect(tokensOf(tokenizer, spelled).join('')).toBe('hello<|end|>');
});
