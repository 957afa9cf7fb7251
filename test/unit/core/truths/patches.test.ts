/** Changed lines of patches: what counts, and how many. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_PATCH, MOST_PATCH_LINES, patchLines } from '../../../../src/core/truths/patches.ts';

const diff = (path: string, lines: readonly string[]): string =>
  `--- a/${path}\n+++ b/${path}\n@@ -1,${lines.filter((line) => !line.startsWith('+')).length} +1,${
    lines.filter((line) => !line.startsWith('-')).length
  } @@\n${lines.join('\n')}\n`;

it('takes changed lines by file, without white space, context and blank ones', () => {
  const text = diff('b.py', ['+  z = 4', '+', ' kept']) + diff('a.py', ['-y = 2', ' kept', '+y =  3']);
  expect(patchLines(text)).toEqual({ lines: ['a.py\n-y=2', 'a.py\n+y=3', 'b.py\n+z=4'], isCut: false });
  expect(patchLines('no diff\n\nat all')).toEqual({ lines: ['\n+nodiff', '\n+atall'], isCut: false });
  expect(patchLines('')).toEqual({ lines: [], isCut: false });
});

it('says when there is more than is compared', () => {
  const many = Array.from({ length: MOST_PATCH_LINES + 1 }, (_, i) => `+line ${i}`);
  expect(patchLines(diff('a', many))).toMatchObject({ isCut: true, lines: { length: MOST_PATCH_LINES } });
  expect(patchLines(diff('a', many.slice(1))).isCut).toBe(false);
  expect(patchLines(`+${'x'.repeat(LONGEST_PATCH)}`).isCut).toBe(true);
});

it('never throws, and does not depend on the order of files', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('+', '-', '@', ' ', 'a', '\n', '/', '1', ','), maxLength: 200 }),
      (text) => patchLines(text).lines.length >= 0,
    ),
  );
  const file = fc.array(fc.stringMatching(/^[-+ ][a-c]{0,3}$/), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), file), { selector: ([path]) => path }), (files) => {
      const texts = files.map(([path, lines]) => diff(path, lines));
      expect(patchLines(texts.join(''))).toEqual(patchLines(texts.toReversed().join('')));
      const changed = files.flatMap(([, lines]) => lines.filter((line) => !line.startsWith(' ') && line.length > 1));
      if (files.length > 0) expect(patchLines(texts.join('')).lines).toHaveLength(changed.length);
    }),
  );
});
