/** What single lines of a unified diff say: paths, quoted or not, and where a hunk lies. */

export interface HunkRange {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** A count that is left out is 1. Null: the line is none. */
export function hunkRange(line: string): HunkRange | null {
  const found = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(line);
  if (found === null) return null;
  const [, oldStart, oldCount = '1', newStart, newCount = '1'] = found;
  return { oldStart: Number(oldStart), oldCount: Number(oldCount), newStart: Number(newStart), newCount: Number(newCount) };
}

/** @param prefix that git puts before it. @returns null where it is `/dev/null` */
export function pathOf(written: string, prefix: string): string | null {
  // What follows a tab is a time.
  const path = written.startsWith('"') ? unquoted(written) : written.split('\t', 1).join('').replace(/\r$/, '');
  if (path === '/dev/null') return null;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Of a line `diff --git a/x b/y`: enough for a file without `---` and `+++`, as a change of its mode has none. */
export function pathsOfGit(line: string): { readonly path: string; readonly oldPath: string | null } {
  const rest = line.slice('diff --git '.length);
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  // Paths with blanks stand as they are: both halves are one path then, but for the prefix.
  const half = rest.slice(0, (rest.length - 1) / 2);
  const [before, after] = quoted === null ? [half, rest.slice(half.length + 1)] : [quoted[1], quoted[2]];
  const path = pathOf(after, 'b/') ?? '';
  const oldPath = pathOf(before, 'a/');
  return { path, oldPath: oldPath === path ? null : oldPath };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };

/** As C writes a string; bytes of UTF-8 stand as octal numbers. */
function unquoted(written: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1] ?? written;
  return inner.replace(/((?:\\[0-3][0-7]{2})+)|\\(.)/g, (_, octal: string | undefined, letter: string | undefined) => {
    if (octal === undefined) return ESCAPES[letter ?? ''] ?? letter ?? '';
    return new TextDecoder().decode(Uint8Array.from(octal.split('\\').slice(1), (digits) => Number.parseInt(digits, 8)));
  });
}
