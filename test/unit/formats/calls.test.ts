/** Calls are chained only where a prompt begins with everything before it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainCalls } from '../../../src/formats/calls.ts';

const keys = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
/** `'abc|d'`: prompt abc, completion d; letters are keys. */
const calls = (...rows: string[]) =>
  rows.map((row) => {
    const [prompt = '', completion = ''] = row.split('|');
    return { prompt: keys(prompt), completion: keys(completion) };
  });
const drawn = (...rows: string[]) =>
  chainCalls(calls(...rows)).map(
    ({ links, cause }) => `${links.map(({ call, from }) => `${call}@${from}`).join(' ')}${cause ? ` ${cause}` : ''}`,
  );

describe('chainCalls', () => {
  it('joins calls that go on where the last one ended', () => {
    expect(drawn('ab|c', 'abcd|e', 'abcdef|g')).toEqual(['0@0 1@3 2@5']);
  });
  it('never joins over a difference, however late in the prompt', () => {
    expect(drawn('ab|cX', 'abcd|e', 'abcdef|g')).toEqual(['0@0', '1@0 2@5 rewrite']);
  });
  it('extends the longest of several chains', () => {
    expect(drawn('a|b', 'abc|d', 'a|z', 'abcde|f', 'az|q')).toEqual(['0@0 1@2 3@4', '2@0 4@2 retry']);
  });
  it('names a call that asks the same prompt again', () => {
    expect(drawn('ab|c', 'ab|d')).toEqual(['0@0', '1@0 retry']);
  });

  it('spells every prompt exactly, and agrees with a comparison of whole sequences', () => {
    const letters = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.record({ prompt: letters, completion: letters }), { maxLength: 12 }), (list) => {
        const open: number[][] = [];
        for (const { prompt, completion } of list) {
          const fits = open.filter((s) => s.every((key, i) => prompt[i] === key));
          const best = fits.reduce<number[] | null>((a, b) => (a === null || b.length > a.length ? b : a), null);
          if (best === null) open.push([...prompt, ...completion]);
          else best.splice(0, best.length, ...prompt, ...completion);
        }
        const spelled = chainCalls(list).map(({ links }) => {
          const row: number[] = [];
          for (const { call, from } of links) {
            expect(row).toEqual(list[call].prompt.slice(0, from));
            row.push(...list[call].prompt.slice(from), ...list[call].completion);
          }
          return row;
        });
        expect(spelled).toEqual(open);
      }),
      { numRuns: 400 },
    );
  });
});
