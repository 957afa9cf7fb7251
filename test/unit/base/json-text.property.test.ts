import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFields, prettyJson } from '../../../src/base/json-text.ts';

/** What is outside of strings, without white space: what laying out may not change. */
const bare = (json: string): string => json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (found) => (found.startsWith('"') ? found : ''));

describe('JSON laid out', () => {
  it('is the same JSON, letter by letter outside of white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 4), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const pretty = prettyJson(json);
        if (!/^[[{]/.test(json)) expect(pretty).toBeNull();
        else {
          expect(bare(pretty!)).toBe(bare(json));
          // As JSON.stringify lays it out, but for empty objects and lists, which it writes alike.
          expect(pretty).toBe(JSON.stringify(value, null, 2));
        }
      }),
    );
  });

  it('gives the members of an object by name', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (object, indent) => {
        const json = JSON.stringify(object, null, indent);
        const members = Object.entries(JSON.parse(json) as Record<string, unknown>);
        expect(jsonFields(json)).toEqual(
          members.map(([name, value]) => ({
            name,
            isText: typeof value === 'string',
            value: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
          })),
        );
      }),
    );
  });

  it('keeps every digit, and members that share a name', () => {
    expect(prettyJson('{"n":12345678901234567890.10,"n":1e400}')).toBe('{\n  "n": 12345678901234567890.10,\n  "n": 1e400\n}');
    expect(jsonFields(' {"a": 1.0 , "a":"x\\ny"} ')).toEqual([
      { name: 'a', value: '1.0', isText: false },
      { name: 'a', value: 'x\ny', isText: true },
    ]);
  });

  it('stays in proportion to a text that nests as deep as it is long', () => {
    const deep = `${'['.repeat(4000)}${']'.repeat(4000)}`;
    expect(prettyJson(deep)!.length).toBeLessThan(100 * deep.length);
  });

  it.each(['', '{', '{"a":}', '[1,]', 'ls -la', '"text"', '{} {}'])('takes %j for no JSON object', (text) => {
    expect(jsonFields(text)).toBeNull();
    expect(prettyJson(text)).toBeNull();
  });
});
