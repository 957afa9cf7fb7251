/** Values that nest too deep are none, and what was parsed before changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NESTING } from '../../../src/base/bounds.ts';
import { parseJson } from '../../../src/formats/json.ts';
import { nestingOf } from '../../../src/formats/nesting.ts';

/** JSON with a few characters left out, put in or replaced. */
const broken = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '-', '.', '0', 'e', 'u', 't', '\n', 'x'))),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [place, put]) => {
      const at = place % (edited.length + 1);
      return edited.slice(0, at) + put + edited.slice(at + (place % 3 === 0 ? 0 : 1));
    }, text),
  );

it('parses alike whatever came before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.json(), broken, fc.constantFrom('[NaN]', '{"a": -Infinity}', '[True, ]')), { maxLength: 12 }),
      (texts) => {
        const first = texts.map((text) => parseJson(text));
        for (let i = 0; i < 70; i++) parseJson('{');
        expect(texts.toReversed().map((text) => parseJson(text))).toEqual(first.toReversed());
      },
    ),
    { numRuns: 500 },
  );
});

describe('values that nest', () => {
  const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

  it.each([[100], [MAX_NESTING]])('%i levels deep are read', (levels) => {
    expect(parseJson(nested(levels))).toMatchObject({ ok: true });
    expect(nestingOf(nested(levels))).toBe(levels);
  });

  it.each([[MAX_NESTING + 2], [5000], [100_000], [1_000_000]])('%i levels deep are not, with their depth', (levels) => {
    expect(parseJson(nested(levels))).toMatchObject({ ok: false, levels });
    expect(parseJson(JSON.stringify(nested(levels)))).toEqual({ ok: true, value: nested(levels), repairs: [] });
  });
});
