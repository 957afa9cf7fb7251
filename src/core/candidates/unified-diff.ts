/**
 * Reads unified diffs as git, diff and language models write them. Hostile text: nothing throws, time is linear, and each line that
 * fits nowhere is counted. https://git-scm.com/docs/diff-format
 */
import { hunkRange, pathOf, pathsOfGit } from './diff-lines.ts';

export interface PatchLine {
  readonly mark: ' ' | '-' | '+';
  /** Without its mark, its end of line and a carriage return before that. */
  readonly text: string;
}

export interface PatchHunk {
  /** 1-based first line in the old file and in the new one. */
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly PatchLine[];
}

export type PatchChange = 'changed' | 'added' | 'deleted' | 'renamed' | 'copied';

export interface PatchFile {
  /** As it is named afterwards; of a file that is deleted, before. */
  readonly path: string;
  /** Where that is another. */
  readonly oldPath: string | null;
  readonly change: PatchChange;
  readonly hunks: readonly PatchHunk[];
  /** Lines of a binary patch, or what stands in its place; null: it is text. */
  readonly binary: string | null;
  /** Modes as git writes them, where they change: `100644 100755`. */
  readonly modes: string | null;
}

export interface Patch {
  readonly files: readonly PatchFile[];
  /** Lines that belong to no hunk and are no header that is known, and hunks whose counts are not their lines': the first of them. */
  readonly faults: readonly PatchFault[];
  readonly faultCount: number;
}

export interface PatchFault {
  /** 1-based. */
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}

const MOST_FAULTS = 5;
const LONGEST_FOUND = 80;

interface OpenFile {
  path: string;
  oldPath: string | null;
  change: PatchChange;
  readonly hunks: PatchHunk[];
  binary: string | null;
  oldMode: string | null;
  newMode: string | null;
  /** Begun by `diff --git`, and no `---` of it was seen yet. */
  awaitsPaths: boolean;
}

export function parsePatch(text: string): Patch {
  const lines = text.split('\n');
  const files: OpenFile[] = [];
  const faults: PatchFault[] = [];
  let faultCount = 0;
  const fault = (at: number, expected: string): void => {
    faultCount++;
    if (faults.length < MOST_FAULTS) faults.push({ line: at + 1, expected, found: (lines[at] ?? 'the end').slice(0, LONGEST_FOUND) });
  };
  let file: OpenFile | null = null;
  const begin = (paths: Pick<OpenFile, 'path' | 'oldPath'>, awaitsPaths: boolean): OpenFile => {
    const begun: OpenFile = { ...paths, change: 'changed', hunks: [], binary: null, oldMode: null, newMode: null, awaitsPaths };
    files.push(begun);
    return begun;
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at].replace(/\r$/, '');
    if (line.startsWith('diff --git ')) {
      file = begin(pathsOfGit(line), true);
    } else if (isPathsAt(lines, at)) {
      if (file?.awaitsPaths !== true) file = begin({ path: '', oldPath: null }, false);
      setPaths(file, pathOf(line.slice(4), 'a/'), pathOf(lines[at + 1].slice(4), 'b/'));
      file.awaitsPaths = false;
      at++;
    } else if (line.startsWith('@@ ') && file !== null) {
      const range = hunkRange(line);
      if (range === null) fault(at, '@@ -line,count +line,count @@');
      else {
        const read = readHunk(lines, at + 1, range);
        file.hunks.push({ oldStart: range.oldStart, newStart: range.newStart, lines: read.lines });
        file.awaitsPaths = false;
        if (read.isOff) fault(at, `a hunk of ${range.oldCount} old and ${range.newCount} new lines`);
        at = read.end - 1;
      }
    } else if (file !== null && (line === 'GIT binary patch' || /^Binary files .* differ$/.test(line))) {
      const end = line.startsWith('GIT') ? endOfBinary(lines, at + 1) : at + 1;
      file.binary = lines.slice(at, end).join('\n');
      at = end - 1;
    } else if (file === null || !takeHeader(file, line)) {
      if (line.trim() !== '' && !IGNORED.test(line)) fault(at, file === null ? 'diff --git, or --- and +++' : 'a header or a hunk');
    }
  }
  return { files: files.map(closed), faults, faultCount };
}

function isPathsAt(lines: readonly string[], at: number): boolean {
  return lines[at].startsWith('--- ') && at + 1 < lines.length && lines[at + 1].startsWith('+++ ');
}

/** Lines that say nothing of a file: of mails, of `svn diff`, of other tools, and the marks around a patch in an answer. */
const IGNORED = /^(?:index |Index: |={3,}|\\ |similarity |dissimilarity |From |Date: |Subject: |-- ?$|\d[\d.]*$|```)/;

function takeHeader(file: OpenFile, line: string): boolean {
  const word = /^(new file mode|deleted file mode|old mode|new mode|rename from|rename to|copy from|copy to) (.*)$/.exec(line);
  if (word === null) return false;
  const [, name, value] = word;
  if (name === 'new file mode') Object.assign(file, { change: 'added', newMode: value });
  else if (name === 'deleted file mode') Object.assign(file, { change: 'deleted', oldMode: value });
  else if (name === 'old mode') file.oldMode = value;
  else if (name === 'new mode') file.newMode = value;
  else {
    file.change = name.startsWith('rename') ? 'renamed' : 'copied';
    const path = pathOf(value, '');
    if (name.endsWith('from')) file.oldPath = path;
    else file.path = path ?? file.path;
  }
  return true;
}

/** Null: `/dev/null`. */
function setPaths(file: OpenFile, before: string | null, after: string | null): void {
  file.path = after ?? before ?? '';
  if (before === null && after !== null) file.change = 'added';
  else if (after === null && before !== null) file.change = 'deleted';
  else if (before !== after && file.change === 'changed') Object.assign(file, { change: 'renamed', oldPath: before });
}

function closed({ path, oldPath, change, hunks, binary, oldMode, newMode }: OpenFile): PatchFile {
  const modes = change === 'changed' && oldMode !== newMode ? `${oldMode ?? ''} ${newMode ?? ''}` : null;
  return { path, oldPath: change === 'renamed' || change === 'copied' ? oldPath : null, change, hunks, binary, modes };
}

interface HunkRead {
  readonly lines: readonly PatchLine[];
  /** The line after it. */
  readonly end: number;
  readonly isOff: boolean;
}

/** Counts decide where it may end, so that a removed `-- x` is no header; a line without a mark ends it early. */
function readHunk(lines: readonly string[], start: number, range: { readonly oldCount: number; readonly newCount: number }): HunkRead {
  const read: PatchLine[] = [];
  let { oldCount, newCount } = range;
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at];
    if (line.startsWith('\\')) continue;
    if (oldCount <= 0 && newCount <= 0 && !goesOn(lines, at)) break;
    const bare = line.replace(/\r$/, '');
    // Editors strip the blank that marks an empty line; the last line of a text is none.
    const mark = bare === '' ? (at === lines.length - 1 ? '' : ' ') : bare[0];
    if (mark !== ' ' && mark !== '-' && mark !== '+') break;
    if (mark !== '+') oldCount--;
    if (mark !== '-') newCount--;
    read.push({ mark, text: bare.slice(1) });
  }
  return { lines: read, end: at, isOff: oldCount !== 0 || newCount !== 0 };
}

/** Whether a line is of the hunk before it although its counts are used up, as in patches that a model wrote by itself. */
function goesOn(lines: readonly string[], at: number): boolean {
  return /^[-+ ]/.test(lines[at]) && !isPathsAt(lines, at) && !/^-- ?\r?$/.test(lines[at]);
}

/** Up to the next file. */
function endOfBinary(lines: readonly string[], start: number): number {
  let at = start;
  while (at < lines.length && !lines[at].startsWith('diff --git ')) at++;
  return at;
}
