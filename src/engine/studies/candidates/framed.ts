/** A piece of a file in a language of indents, as a text of its own: what it hangs below is put before it. */

const TAB = 8;

/** @returns the text with lines before it, so that its first line may be further in than those that follow, and how many they are */
export function framed(side: string): { readonly text: string; readonly before: number } {
  const lines = side.split('\n');
  const widths = lines.filter((line) => line.trim() !== '').map(widthOf);
  const [first = 0] = widths;
  if (first === 0) return { text: side, before: 0 };
  const above = [...new Set([0, ...widths])].filter((width) => width < first).sort((a, b) => a - b);
  return { text: [...above.map((width) => `${' '.repeat(width)}if 1:`), ...lines].join('\n'), before: above.length };
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
