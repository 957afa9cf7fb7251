/** A piece of a file in a language of indents, as a text of its own: what it hangs below is put before it. */

const TAB = 8;

/**
 * Lines stand before it, so that its first line may be further in than those that follow, and one behind it, where it ends in the head of
 * a block.
 * @returns how many lines are before
 */
export function framed(side: string): { readonly text: string; readonly before: number } {
  const lines = side.split('\n');
  const inked = lines.filter((line) => line.trim() !== '');
  const widths = inked.map(widthOf);
  const first = widths[0] ?? 0;
  const above = [...new Set([0, ...widths])].filter((width) => width < first).sort((a, b) => a - b);
  const opens = /:\s*(?:#.*)?$/.test(inked.at(-1) ?? '') ? [`${' '.repeat((widths.at(-1) ?? 0) + 1)}pass`] : [];
  return { text: [...above.map((width) => `${' '.repeat(width)}if 1:`), ...lines, ...opens].join('\n'), before: above.length };
}

function widthOf(line: string): number {
  let width = 0;
  for (const letter of line) {
    if (letter === ' ') width++;
    else if (letter === '\t') width += TAB - (width % TAB);
    else break;
  }
  return width;
}
