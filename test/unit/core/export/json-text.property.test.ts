/** Records as JSON: the same values as JSON.stringify gives, and a decimal point or exponent in every float and in nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, type Floats } from '../../../../src/core/export/json-text.ts';

describe('JSON of a record', () => {
  it('marks floats by their place, however deep in lists, and leaves what else has their name', () => {
    const record = {
      ids: [1, 2],
      weight: [0, 1, -0, 0.5, 1e21, 1e-7, NaN, Infinity, null, 100],
      messages: [{ weight: 1, train: true, content: [{ weight: 1 }] }, { content: 'x' }, null, 3],
      runs: [[1], [], [[2, null]]],
      reward: null,
      gone: undefined,
      weights: { weight: 1 },
    };
    const floats: Floats = { weight: 'float', messages: { weight: 'float' }, runs: 'float', reward: 'float', gone: 'float' };
    expect(jsonText(record, floats)).toBe(
      '{"ids":[1,2],"weight":[0.0,1.0,0.0,0.5,1e+21,1e-7,null,null,null,100.0],' +
        '"messages":[{"weight":1.0,"train":true,"content":[{"weight":1}]},{"content":"x"},null,3],' +
        '"runs":[[1.0],[],[[2.0,null]]],"reward":null,"weights":{"weight":1}}',
    );
  });

  it('is what JSON.stringify writes where nothing is a float, and reads as the same values where something is', () => {
    const names = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b') }, fc.constantFrom('__proto__', 'toString', 'é"'));
    const { record } = fc.letrec<{ value: unknown; record: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
        fc.array(tie('value'), { maxLength: 4 }),
        tie('record'),
      ),
      record: fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
    }));
    let floating = 0;
    fc.assert(
      fc.property(record, (drawn) => {
        const plain = JSON.stringify(drawn);
        expect(jsonText(drawn, {})).toBe(plain);
        const text = jsonText(drawn, { a: 'float', b: { a: 'float', b: { a: 'float' } } });
        expect(JSON.parse(text)).toEqual(JSON.parse(plain));
        if (text !== plain) floating++;
      }),
      { numRuns: 2000 },
    );
    expect(floating).toBeGreaterThan(100);
  });

  it('takes values as deeply nested as JSON.stringify does where no place is named', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 2000; i++) deep = [deep];
    expect(jsonText({ log: deep, weight: 1 }, { weight: 'float' })).toBe(`{"log":${JSON.stringify(deep)},"weight":1.0}`);
  });
});
