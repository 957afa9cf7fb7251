/** That a memo gives each text its own value, whatever is forgotten meanwhile. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTextCache } from '../../../../src/core/tokens/text-cache.ts';
import { makeTextMemo } from '../../../../src/core/tokens/text-memo.ts';

it('makes a value once while the text is in use', () => {
  const memo = makeTextMemo<object>(1000);
  const make = (text: string): object => ({ text });
  const first = memo.recall('a branch', make);
  expect(memo.recall('a branch', make)).toBe(first);
  expect(memo.recall('a leaf', make)).not.toBe(first);
});

it('forgets the oldest, keeps what is asked for, and stays right when it is full', () => {
  const memo = makeTextMemo<string>(400);
  let made = 0;
  const make = (text: string): string => {
    made++;
    return text.toUpperCase();
  };
  for (let round = 0; round < 50; round++) {
    expect(memo.recall('kept in use', make)).toBe('KEPT IN USE');
    expect(memo.recall(`text number ${round}`, make)).toBe(`TEXT NUMBER ${round}`);
  }
  expect(made).toBe(51);
  memo.recall('text number 0', make);
  expect(made).toBe(52);
});

it('holds a generation of very many short texts', () => {
  const memo = makeTextMemo<number>(16_000_000);
  for (let i = 0; i < 140_000; i++) expect(memo.recall(String(i), Number)).toBe(i);
  expect(memo.recall('139999', () => -1)).toBe(139_999);
  expect(memo.recall('0', () => -1)).toBe(-1);
});

it('gives any text the value that was made of that text', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('\ud800', '\ufffd', '\udc00', 'a', 'a\0', 'a\0\0', ''),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), fc.integer({ min: 40, max: 400 }), (texts, size) => {
      const memo = makeTextMemo<readonly string[]>(size);
      for (const wanted of texts) expect(memo.recall(wanted, (made) => [made])).toEqual([wanted]);
    }),
    { numRuns: 300 },
  );
});

it('gives short and long texts the ids that the tokenizer gives them, made once while they are in use', () => {
  let made = 0;
  const encode = (text: string): number[] => {
    made++;
    return Array.from(text, (character) => character.charCodeAt(0));
  };
  const cached = makeTextCache({ name: 'characters', encode, bytes: () => null }, 1000);
  const texts = ['', 'ok', 'sixteen letters.', 'seventeen letters'];
  for (let round = 0; round < 3; round++)
    for (const text of texts) expect(cached(text)).toEqual(Array.from(text, (character) => character.charCodeAt(0)));
  expect(made).toBe(texts.length);
  for (let i = 0; i < 5000; i++) expect(cached(String(i))).toHaveLength(String(i).length);
  expect(cached('ok')).toEqual([111, 107]);
});
