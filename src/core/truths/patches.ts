/** How far a final patch is from one that would be right. */
import { parsePatch } from '../candidates/unified-diff.ts';

/** UTF-16 units of a patch, and changed lines of it, that are compared; of more the end is left out, which whoever tells it says. */
export const LONGEST_PATCH = 1 << 17;
export const MOST_PATCH_LINES = 2048;

export interface PatchLines {
  /** Path, mark and text of each changed line, without its white space; files by their paths, lines in their order. */
  readonly lines: readonly string[];
  readonly isCut: boolean;
}

/**
 * The changed lines of a unified diff [ours]: what stands around them, blank ones, white space and the order of files count for nothing.
 * A text that is no diff is its own lines. Linear in the text.
 */
export function patchLines(text: string): PatchLines {
  const { files } = parsePatch(text.slice(0, LONGEST_PATCH));
  const lines =
    files.length === 0
      ? changed('', '+', text.slice(0, LONGEST_PATCH).split('\n'))
      : files
          .toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
          .flatMap(({ path, hunks, binary }) => [
            ...hunks.flatMap((hunk) => hunk.lines.flatMap(({ mark, text: own }) => (mark === ' ' ? [] : changed(path, mark, [own])))),
            ...(binary === null ? [] : [`${path}\n${binary}`]),
          ]);
  return { lines: lines.slice(0, MOST_PATCH_LINES), isCut: text.length > LONGEST_PATCH || lines.length > MOST_PATCH_LINES };
}

function changed(path: string, mark: string, texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const bare = text.replaceAll(/\s+/g, '');
    return bare === '' ? [] : [`${path}\n${mark}${bare}`];
  });
}
