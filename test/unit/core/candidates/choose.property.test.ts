import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestOf, lowestOf, type Rankable } from '../../../../src/core/candidates/choose.ts';
import { predictionFormatOf, predictionsText } from '../../../../src/core/candidates/predictions.ts';

const rankables = fc.uniqueArray(
  fc.record({ key: fc.string({ minLength: 2, maxLength: 4 }), score: fc.constantFrom(0, 1, 2, -1, Number.NaN) }),
  { selector: ({ key }) => key, maxLength: 8 },
) as fc.Arbitrary<Rankable[]>;

describe('the first and the last by a ranking', () => {
  it('are those at the ends of a sorted list, whatever the order they come in', () => {
    fc.assert(
      fc.property(rankables, (all) => {
        const known = all.filter(({ score }) => !Number.isNaN(score));
        for (const [choose, sign] of [
          [highestOf, 1],
          [lowestOf, -1],
        ] as const) {
          const sorted = [...known].sort((a, b) => sign * (b.score - a.score) || (a.key < b.key ? -1 : 1));
          const found = choose(all);
          expect(all[found?.row ?? -1]?.key).toBe(sorted[0]?.key);
          if (found !== null) expect(found.ties).toBe(known.filter(({ score }) => score === sorted[0]?.score).length - 1);
          const turned = [...all].reverse();
          expect(turned[choose(turned)?.row ?? -1]?.key).toBe(sorted[0]?.key);
        }
      }),
    );
  });
});

describe('a predictions file', () => {
  const rows = [
    { instance_id: '10', model_name_or_path: 'm', model_patch: 'a\u2028b\n"' },
    { instance_id: 'a__b-2', model_name_or_path: 'm', model_patch: '' },
  ];

  it('reads back as it was in each of its forms', () => {
    expect(JSON.parse(predictionsText(rows, 'list'))).toEqual(rows);
    const lines = predictionsText(rows, 'lines');
    expect(lines.split(/[\n\u2028\u2029\u0085]/)).toHaveLength(3);
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(rows);
    const text = predictionsText(rows, 'by-instance');
    expect(JSON.parse(text)).toEqual(Object.fromEntries(rows.map((row) => [row.instance_id, row])));
    expect(text.indexOf('"10": {')).toBeLessThan(text.indexOf('"a__b-2": {'));
    expect(['list', 'lines', 'by-instance'].map((format) => predictionsText([], format as 'list'))).toEqual(['[]\n', '', '{}\n']);
  });

  it('has the form that its name says', () => {
    expect(['all.jsonl', 'out/preds.json', 'all.json', 'my-preds.json'].map(predictionFormatOf)).toEqual([
      'lines',
      'by-instance',
      'list',
      'list',
    ]);
  });
});
