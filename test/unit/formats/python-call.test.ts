/** Calls in Python's words, and what is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonCall } from '../../../src/formats/python-call.ts';

describe('calls in Python’s words', () => {
  it('have arguments with and without names', () => {
    expect(pythonCall("grep(file_name='final.pdf',pattern='a, (b)=\\'c\\'')")).toEqual({
      tool: 'grep',
      args: [
        { name: 'file_name', value: 'final.pdf' },
        { name: 'pattern', value: "a, (b)='c'" },
      ],
    });
    expect(pythonCall('sort("f.pdf", -1.5e3, flag=True)')?.args).toEqual([
      { name: null, value: 'f.pdf' },
      { name: null, value: -1500 },
      { name: 'flag', value: true },
    ]);
    expect(pythonCall(' fs.ls ( ) ')).toEqual({ tool: 'fs.ls', args: [] });
  });

  it('hold lists, tuples and dictionaries of literals', () => {
    expect(pythonCall("f(a=[1, 'x', None], b={'k': (1, 2), 'l': {}}, c=.5,)")?.args.map(({ value }) => value)).toEqual([
      [1, 'x', null],
      { k: [1, 2], l: {} },
      0.5,
    ]);
  });

  it.each(['', 'f', 'f(', 'f(x)', "f('a", 'f(a=1) g()', 'f(a=g(1))', 'f(1 2)', 'f([1 2])', "f({'a'})", `f(${'['.repeat(90)}`])(
    'are none where they hold anything else: %s',
    (text) => {
      expect(pythonCall(text)).toBeNull();
    },
  );

  it('read back any texts and numbers that are written as Python writes them', () => {
    const value = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.string(), { maxLength: 3 }));
    const written = (each: unknown): string =>
      typeof each === 'boolean'
        ? each
          ? 'True'
          : 'False'
        : Array.isArray(each)
          ? `[${each.map(written).join(', ')}]`
          : typeof each === 'string'
            ? `'${each.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
            : String(each);
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        const call = pythonCall(`f(${values.map((each, i) => `a${i}=${written(each)}`).join(', ')})`);
        expect(call?.args).toEqual(values.map((each, i) => ({ name: `a${i}`, value: each })));
      }),
    );
  });

  it('throw at nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => pythonCall(`f(${text}`)).not.toThrow();
      }),
    );
  });
});
