import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidateKey } from '../../../../src/core/candidates/candidate-key.ts';
import { groupByKey } from '../../../../src/core/candidates/group.ts';
import { textLines } from '../../../../src/core/candidates/text-lines.ts';
import { styleOf } from '../../../../src/core/candidates/text-style.ts';
import { parsePatch } from '../../../../src/core/candidates/unified-diff.ts';
import { compareTask } from '../../../../src/engine/studies/candidates/compare.ts';
import { framed } from '../../../../src/engine/studies/candidates/framed.ts';
import { NO_GRAMMARS, type Grammars } from '../../../../src/engine/studies/candidates/grammars.ts';
import { loadGrammars } from '../../../../src/engine/studies/candidates/load-grammars.ts';
import { patchOf } from '../../../helpers/candidateLogs.ts';

const PATHS = ['a.py', 'a.js', 'a.ts', 'a.tsx', 'a.java', 'a.go'];
let grammars: Grammars;
beforeAll(async () => {
  grammars = await loadGrammars(PATHS);
});

const compared = (texts: readonly string[], by: Grammars = grammars) =>
  compareTask(
    {
      task: 't',
      label: 't',
      row: -1,
      candidates: texts.map((text, i) => ({
        key: `f#${i}`,
        name: String(i),
        file: 'f',
        rollout: -1,
        copies: [],
        length: text.length,
        text,
        outcome: 'unknown',
        passed: Number.NaN,
        failed: Number.NaN,
        logprob: Number.NaN,
        entropy: Number.NaN,
      })),
    },
    by,
  );

/** Whether the two are one group. */
const areEqual = (a: string, b: string, by?: Grammars): boolean => compared([a, b], by).groups.members.length === 1;

/** [path, two that are equal, one that is not] as lines that take the place of `old`. */
const CASES: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
  ['a.py', ['    x = f(a, b)'], ['    # why', '    x = f(a,  b)  # so', ''], ['    x = f(b, a)']],
  ['a.js', ['  return f(a);'], ['  // why', '  return f( a ) ;', '  /* more */'], ['  return f(b);']],
  ['a.ts', ['  const x: number = 1;'], ['  const x : number=1;'], ['  const x: string = 1;']],
  ['a.tsx', ['  const x = 1;'], ['  const x=1; // so'], ['  const x = 2;']],
  ['a.java', ['  int x = y + 1;'], ['  /* a', '     b */', '  int x = y+1;'], ['  int x = y - 1;']],
  ['a.go', ['\tx := y + 1'], ['\tx := y+1 // so'], ['\tx := y - 1']],
  ['a.txt', ['some words'], ['some   words', ''], ['other words']],
];

describe.each(CASES)('patches of %s', (path, one, same, other) => {
  const context: [string, string] = path === 'a.py' ? ['def f():', '    return x'] : ['{', '}'];
  const old = path === 'a.java' ? 'old();' : 'old';
  const [a, b, c] = [one, same, other].map((added) => patchOf(path, [old], added, context)) as [string, string, string];

  it.each(['syntax', 'text'] as const)('are equal but for white space and comments, by %s', (how) => {
    const by = how === 'syntax' ? undefined : NO_GRAMMARS;
    expect(areEqual(a, b, by)).toBe(true);
    expect(areEqual(a, c, by)).toBe(false);
  });

  it('say how they were compared', () => {
    const { compared: files } = compared([a, b]);
    expect(files).toEqual([[{ path, grammar: path === 'a.txt' ? null : grammars.nameOf(path), why: null }]]);
  });
});

describe('a Python patch', () => {
  const inside = patchOf('a.py', ['    old'], ['        new()'], ['    if x:', '    after()']);
  const outside = patchOf('a.py', ['    old'], ['    new()'], ['    if x:', '    after()']);

  it.each([undefined, NO_GRAMMARS])('differs by the block that a line is in', (by) => {
    expect(areEqual(inside, outside, by)).toBe(false);
  });

  it('is equal where its lines are broken otherwise, by syntax', () => {
    const broken = patchOf('a.py', ['    old'], ['    x = f(', '        a,', '        b)'], ['def f():', '    return x']);
    const plain = patchOf('a.py', ['    old'], ['    x = f(a, b)'], ['def f():', '    return x']);
    expect(areEqual(broken, plain)).toBe(true);
    expect(compared([plain]).compared[0]?.[0]?.grammar).toBe('Python');
  });

  it.each([
    ['begins with a clause', ['    else:'], ['        x = 1']],
    ['ends in the head of a block', ['def f():'], ['    if x:']],
    ['ends in a call and in a try', ['    try:'], ['        f(', '            a,']],
    ['leaves blocks that it does not begin', ['            x = 1'], ['        y = 2', '    return y', '', 'def g():']],
  ])('is read by syntax where its hunk %s', (_, above, added) => {
    const head = `@@ -1,1 +1,${added.length + 1} @@`;
    const body = [...above.map((line) => ` ${line}`), ...added.map((line) => `+${line}`)];
    const text = ['--- a/a.py', '+++ b/a.py', head, ...body, ''].join('\n');
    expect(compared([text]).compared).toEqual([[{ path: 'a.py', grammar: 'Python', why: null }]]);
  });

  it('keeps what stands in strings', () => {
    const [a, b] = ['x = "a  b"', 'x = "a b"'].map((line) => patchOf('a.py', ['old'], [line])) as [string, string];
    expect(areEqual(a, b)).toBe(false);
    expect(areEqual(a, b, NO_GRAMMARS)).toBe(false);
  });
});

it('the same change in two places is two answers', () => {
  const [a, b] = ['def f():', 'def g():'].map((above) => patchOf('a.py', [], ['    return 1'], [above, ''])) as [string, string];
  expect(areEqual(a, b)).toBe(false);
});

it('what a grammar cannot read is compared by text, in all candidates, and the page is told why', () => {
  const odd = patchOf('a.py', ['old'], [')) ]] $$ ?? (( ** ]]', ']] )) $$ $$ ?? !!'], ['((', ')) ]]']);
  const { compared: files, groups } = compared([odd, patchOf('a.py', ['old'], ['x = 1'])]);
  expect(files[0]?.[0]).toMatchObject({ path: 'a.py', grammar: null });
  expect(files[0]?.[0]?.why).toMatch(/errors of syntax in \d+ % of a hunk|do not cover/);
  expect(files[1]?.[0]?.grammar).toBeNull();
  expect(groups.members).toHaveLength(2);
});

it('what changes nothing is one group, empty or not', () => {
  const comment = patchOf('a.py', [], ['    # a comment']);
  expect(areEqual('', comment)).toBe(true);
  expect(areEqual('', patchOf('a.py', [], ['    x = 1']))).toBe(false);
  expect(areEqual('an answer in words', 'an  answer in words')).toBe(true);
});

it('order of files does not matter, and a rename, a mode or a binary change is one', () => {
  const [x, y] = [patchOf('x.py', ['a'], ['b']), patchOf('y.py', ['a'], ['b'])];
  expect(areEqual(x + y, y + x)).toBe(true);
  const mode = 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n';
  const rename = 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n';
  const binary = 'diff --git a/x b/x\nBinary files a/x and b/x differ\n';
  expect(compared(['', mode, rename, binary]).groups.members).toHaveLength(4);
});

it('groups are what pairwise comparison gives', () => {
  const line = fc.constantFrom('x = 1', 'x  = 1', '# x', 'y(x)', 'y( x )  # z', '', '    return', 'if x:', '        y(x)', '"""', "'a' \"");
  const patch = fc
    .tuple(fc.array(line, { maxLength: 3 }), fc.array(line, { maxLength: 3 }))
    .map(([removed, added]) => patchOf('a.py', removed, added));
  fc.assert(
    fc.property(fc.array(patch, { minLength: 1, maxLength: 6 }), (texts) => {
      const read = (side: string) => textLines(side, styleOf('a.py'));
      const keys = texts.map((text) => candidateKey(text, parsePatch(text), () => read));
      const groups = groupByKey(keys);
      for (const [i, a] of keys.entries()) for (const [j, b] of keys.entries()) expect(groups.of[i] === groups.of[j]).toBe(a === b);
      for (const [g, members] of groups.members.entries()) for (const member of members) expect(groups.of[member]).toBe(g);
      // Alone with another, a candidate is as equal as among all.
      const all = compared(texts);
      const [first, last] = [texts[0]!, texts.at(-1)!];
      const whys = all.compared.flat().some(({ why }) => why !== null);
      if (!whys) expect(all.groups.of[0] === all.groups.of[texts.length - 1]).toBe(areEqual(first, last));
    }),
    { numRuns: 60 },
  );
});

it('no text of a file makes a grammar or the reader of texts throw, or take a line that is none', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc
      .array(fc.constantFrom('def f(', '"""', "'", '\\', '\n', '    ', '\t', '{', '}', '/*', '*/', '`', '${', 'x', '#', '//', '\r'), {
        maxLength: 30,
      })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), text, (path, side) => {
      const lines = textLines(side, styleOf(path));
      expect(lines).toHaveLength(side.split('\n').length);
      const read = grammars.readerOf(path)?.(side);
      if (read?.ok === true) expect(read.lines).toHaveLength(lines.length);
    }),
  );
});

it('long hostile lines take linear time', () => {
  const quotes = `'${"\\'".repeat(200_000)}`;
  expect(textLines(quotes, styleOf('a.py'))[0]?.length).toBeGreaterThan(1000);
});

it('a piece of Python whose last line is all colons and marks is framed in one go', () => {
  const line = `x${':#'.repeat(60_000)}\u2028z`;
  expect(framed(line)).toEqual({ text: `${line}\n pass`, before: 0 });
});
