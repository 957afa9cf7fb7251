import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../../../src/core/candidates/unified-diff.ts';

const lines = (...all: string[]): string => all.join('\n');

describe('a patch', () => {
  it('is read file by file and hunk by hunk', () => {
    const patch = parsePatch(
      lines(
        'diff --git a/x.py b/x.py',
        'index 1..2 100644',
        '--- a/x.py',
        '+++ b/x.py',
        '@@ -1,3 +1,3 @@ def f():',
        ' a',
        '-b',
        '+c',
        ' d',
        '',
      ),
    );
    expect(patch).toMatchObject({ faultCount: 0, files: [{ path: 'x.py', change: 'changed', binary: null, modes: null }] });
    expect(patch.files[0]?.hunks).toEqual([
      {
        oldStart: 1,
        newStart: 1,
        lines: [
          { mark: ' ', text: 'a' },
          { mark: '-', text: 'b' },
          { mark: '+', text: 'c' },
          { mark: ' ', text: 'd' },
        ],
      },
    ]);
  });

  it('may have been written by diff alone, with times and carriage returns', () => {
    const text = lines(
      '--- x.c\t2024-01-01',
      '+++ y.c\t2024-01-02',
      '@@ -1 +1 @@',
      '-int a;\r',
      '+int b;\r',
      '\\ No newline at end of file',
      '',
    );
    expect(parsePatch(text)).toMatchObject({
      faultCount: 0,
      files: [{ path: 'y.c', oldPath: 'x.c', change: 'renamed', hunks: [{ lines: [{ text: 'int a;' }, { text: 'int b;' }] }] }],
    });
  });

  it('adds, deletes, renames and changes modes', () => {
    const patch = parsePatch(
      lines(
        'diff --git a/new b/new',
        'new file mode 100644',
        '--- /dev/null',
        '+++ b/new',
        '@@ -0,0 +1 @@',
        '+x',
        'diff --git a/old b/old',
        'deleted file mode 100644',
        '--- a/old',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-x',
        'diff --git a/a b.txt b/a b.txt',
        'old mode 100644',
        'new mode 100755',
        'diff --git a/from.py b/to.py',
        'similarity index 100%',
        'rename from from.py',
        'rename to to.py',
        '',
      ),
    );
    expect(patch.faultCount).toBe(0);
    expect(patch.files.map(({ path, oldPath, change, modes }) => [path, oldPath, change, modes])).toEqual([
      ['new', null, 'added', null],
      ['old', null, 'deleted', null],
      ['a b.txt', null, 'changed', '100644 100755'],
      ['to.py', 'from.py', 'renamed', null],
    ]);
  });

  it('may be binary, and name paths in quotes', () => {
    const patch = parsePatch(
      lines(
        'diff --git "a/\\303\\244.png" "b/\\303\\244.png"',
        'GIT binary patch',
        'literal 3',
        'Kc$@(m',
        '',
        'diff --git a/z b/z',
        'Binary files a/z and b/z differ',
        '',
      ),
    );
    expect(patch).toMatchObject({ faultCount: 0, files: [{ path: 'ä.png' }, { path: 'z', binary: 'Binary files a/z and b/z differ' }] });
    expect(patch.files[0]?.binary).toContain('Kc$@(m');
  });

  it('takes removed lines that look like headers as lines', () => {
    const text = lines('--- a/q.sql', '+++ b/q.sql', '@@ -1,2 +1,1 @@', '--- a comment', ' select 1', '');
    expect(parsePatch(text)).toMatchObject({ faultCount: 0, files: [{ hunks: [{ lines: [{ mark: '-', text: '-- a comment' }, {}] }] }] });
  });

  it('says where counts are wrong, and reads on', () => {
    const text = lines(
      '--- a/x',
      '+++ b/x',
      '@@ -1,9 +1,1 @@',
      '-a',
      '+b',
      '+c',
      '@@ odd',
      '--- a/y',
      '+++ b/y',
      '@@ -1 +1 @@',
      '-a',
      '+b',
      'what?',
      '',
    );
    const patch = parsePatch(text);
    expect(patch.files.map(({ path, hunks }) => [path, hunks.length])).toEqual([
      ['x', 1],
      ['y', 1],
    ]);
    expect(patch.files[0]?.hunks[0]?.lines).toHaveLength(3);
    expect(patch.faults.map(({ line }) => line)).toEqual([3, 7, 13]);
  });
});

it('no text makes it throw, and each line is read at most once', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'diff --git a/x b/x',
      '--- a/x',
      '+++ b/x',
      '@@ -1,2 +1,2 @@',
      'GIT binary patch',
      'rename from a',
      '-- ',
      '\\ No newline',
      '"',
      '',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.tuple(fc.constantFrom('+', '-', ' '), fc.string({ maxLength: 5 })).map((both) => both.join('')),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (all) => {
      const patch = parsePatch(all.join('\n'));
      const read = patch.files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines)).length;
      expect(read).toBeLessThanOrEqual(all.join('\n').split('\n').length);
      expect(patch.faults.length).toBeLessThanOrEqual(patch.faultCount);
    }),
  );
});

it('what a writer of diffs writes is read as it was', () => {
  const hunkLine = fc.record({
    mark: fc.constantFrom(' ' as const, '-' as const, '+' as const),
    text: fc.stringMatching(/^[a-z()"@ -]{0,8}$/),
  });
  fc.assert(
    fc.property(fc.array(fc.array(hunkLine, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }), (hunks) => {
      const written = hunks.flatMap((all) => {
        const count = (other: string): number => all.filter(({ mark }) => mark !== other).length;
        return [`@@ -1,${count('+')} +1,${count('-')} @@`, ...all.map(({ mark, text }) => mark + text)];
      });
      const patch = parsePatch(['diff --git a/f b/f', '--- a/f', '+++ b/f', ...written, ''].join('\n'));
      expect(patch.faultCount).toBe(0);
      expect(patch.files[0]?.hunks.map((hunk) => hunk.lines)).toEqual(hunks);
    }),
  );
});

it('a path with many tabs, and what some take for an end of line, is read in one go', () => {
  const patch = parsePatch(lines(`--- a/x${'\t'.repeat(400_000)}\u2028`, '+++ b/x\ttime', '@@ -1 +1 @@', '-a', '+b', ''));
  expect(patch.files).toMatchObject([{ path: 'x', change: 'changed', hunks: [{ lines: [{ text: 'a' }, { text: 'b' }] }] }]);
});
