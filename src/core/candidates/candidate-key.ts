/**
 * What makes two patches equal [ours]: file by file, in the order of their paths, the stretches of lines that change, each as the line
 * before it, the tokens that go and the tokens that come. Lines without tokens (white space, comments) are as if they were not there.
 */
import { INDENT, textLines, type LineTokens } from './text-lines.ts';
import type { Patch, PatchFile, PatchHunk } from './unified-diff.ts';

/** Reads one side of a hunk, old or new, to its tokens. */
export type ReadSide = (side: string) => LineTokens;

/** @param readerOf by file. @returns equal texts for equal patches; of one that changes nothing `[]`, whatever it is */
export function candidateKey(text: string, patch: Patch, readerOf: (file: PatchFile) => ReadSide): string {
  // What is no patch at all is an answer in words.
  if (patch.files.length === 0) return JSON.stringify(textLines(text).flat());
  const files = patch.files.flatMap((file) => fileKey(file, readerOf(file)) ?? []);
  return JSON.stringify(files.sort((a, b) => compare(a[0], b[0])));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

type FileKey = readonly [path: string, ...unknown[]];

/** Null: nothing of it changes. */
function fileKey(file: PatchFile, read: ReadSide): readonly [FileKey] | null {
  const stretches = file.hunks.flatMap((hunk) => stretchesOf(hunk, read));
  const isNothing = file.change === 'changed' && stretches.length === 0 && file.binary === null && file.modes === null;
  return isNothing ? null : [[file.path, file.change, file.oldPath, file.modes, file.binary, stretches]];
}

/** The line before, what goes, what comes: tokens. */
type Stretch = readonly [before: readonly string[], removed: readonly string[], added: readonly string[]];

function stretchesOf({ lines }: PatchHunk, read: ReadSide): Stretch[] {
  const side = (mark: '-' | '+'): LineTokens =>
    read(lines.flatMap((line) => (line.mark === mark || line.mark === ' ' ? [line.text] : [])).join('\n'));
  const [old, now] = [side('-'), side('+')];
  const stretches: Stretch[] = [];
  let before: readonly string[] = [];
  let removed: (readonly string[])[] = [];
  let added: (readonly string[])[] = [];
  const close = (): void => {
    const stretch = closed(before, removed, added);
    if (stretch !== null) stretches.push(stretch);
    removed = [];
    added = [];
  };
  let oldLine = 0;
  let newLine = 0;
  for (const { mark } of lines) {
    const tokens = (mark === '-' ? old[oldLine] : now[newLine]) ?? [];
    if (mark !== '+') oldLine++;
    if (mark !== '-') newLine++;
    if (tokens.length === 0) continue;
    if (mark === '-') removed.push(tokens);
    else if (mark === '+') added.push(tokens);
    else {
      close();
      before = tokens;
    }
  }
  close();
  return stretches;
}

/** Lines that go and come again are as if they stayed. Null: then nothing is left. */
function closed(before: readonly string[], removed: readonly (readonly string[])[], added: readonly (readonly string[])[]): Stretch | null {
  const same = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
    a !== undefined && b !== undefined && a.length === b.length && a.every((token, i) => token === b[i]);
  let start = 0;
  while (same(removed[start], added[start])) start++;
  let end = 0;
  const most = Math.min(removed.length, added.length) - start;
  while (end < most && same(removed.at(-1 - end), added.at(-1 - end))) end++;
  const [goes, comes] = [removed, added].map((lines) => lines.slice(start, lines.length - end).flat());
  if (goes.length === 0 && comes.length === 0) return null;
  if (same(goes, comes)) return null;
  const anchor = start === 0 ? before : removed[start - 1];
  return [anchor.filter((token) => !token.startsWith(INDENT)), goes, comes];
}
