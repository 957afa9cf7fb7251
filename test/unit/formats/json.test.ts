import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, get, getId, getNumber, parseJson } from '../../../src/formats/json.ts';

const value = (text: string): unknown => {
  const parsed = parseJson(text);
  expect(parsed.ok).toBe(true);
  return parsed.ok ? parsed.value : undefined;
};

describe('parseJson', () => {
  it('reads what Python writes', () => {
    expect(value('{"a": NaN, "b": -Infinity, "c": [Infinity, None, True], "d": "NaN, \\"None\\" 12345678901234567890"}')).toEqual({
      a: null,
      b: -Infinity,
      c: [Infinity, null, true],
      d: 'NaN, "None" 12345678901234567890',
    });
  });

  it('keeps integers that a double cannot hold as text', () => {
    expect(value('{"id": 12345678901234567891, "n": 9007199254740991, "f": 0.12345678901234567, "neg": [-9007199254740993]}')).toEqual({
      id: '12345678901234567891',
      n: 9007199254740991,
      f: Number('0.12345678901234567'),
      neg: ['-9007199254740993'],
    });
  });

  it('names what it replaced', () => {
    expect(parseJson('{"a": NaN}')).toMatchObject({ repairs: ['NaN'] });
    expect(parseJson('{"a": "NaN"}')).toMatchObject({ repairs: [] });
  });

  it('opens JSON inside a JSON string', () => {
    expect(value(JSON.stringify(JSON.stringify({ a: [1] })))).toEqual({ a: [1] });
    expect(value('"just text"')).toBe('just text');
  });

  it('says where it stopped', () => {
    expect(parseJson('{"a": 1, x}')).toMatchObject({ ok: false, at: 9 });
    expect(parseJson('{"a": [1, 2')).toMatchObject({ ok: false, at: 11 });
  });

  it('keeps lone surrogates', () => {
    expect(value('"\\ud83d"')).toBe('\ud83d');
  });

  it('survives deep nesting, and says how deep', () => {
    const deep = `${'['.repeat(20_000)}NaN${']'.repeat(20_000)}`;
    expect(parseJson(deep)).toMatchObject({ ok: false, levels: 20_000 });
  });

  it('agrees with JSON.parse on every JSON text, and never changes a string when it repairs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        const text = JSON.stringify(any);
        // Long integers become text; a text that holds JSON is opened.
        const nested = typeof any === 'string' && /^\s*[{[]/.test(any);
        const oracle: unknown = JSON.parse(text, (_, entry: unknown) =>
          Number.isInteger(entry) && !Number.isSafeInteger(entry) && !String(entry).includes('e') ? String(entry) : entry,
        );
        if (!nested && !/^-?\d{16,}$/.test(text)) expect(value(text)).toEqual(oracle);
        expect(value(`[NaN, ${text}]`)).toEqual([null, oracle]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('decodeText', () => {
  it('counts bytes that are no UTF-8 and leaves real replacement characters alone', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0xef, 0xbf, 0xbd))).toEqual({ text: 'a\ufffd\ufffd', invalid: 1 });
    expect(decodeText(new TextEncoder().encode('ü\ufffd'))).toEqual({ text: 'ü\ufffd', invalid: 0 });
  });
});

describe('fields', () => {
  it('come from the object itself', () => {
    expect(get(JSON.parse('{"__proto__": {"reward": 1}}'), 'reward')).toBeUndefined();
    expect(get({}, 'constructor')).toBeUndefined();
    expect(getNumber({ n: ' 1.5 ' }, 'n')).toBe(1.5);
    expect(getNumber({ n: '' }, 'n')).toBeUndefined();
    expect(getId({ a: '', b: 0 }, 'a', 'b')).toBe('0');
  });
});
