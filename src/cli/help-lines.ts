/** Lines of `--help`: a flag, and what it is for in a column of its own. */

/** Where explanations begin, and the longest line. */
const INDENT = 25;
const WIDTH = 118;

/** @param flag with its placeholder. @returns lines without a line break at the end */
export function helpLines(flag: string, text: string): string {
  const lines: string[] = [];
  let line = `  ${flag}`.padEnd(INDENT - 2);
  // A flag too long for its column stands alone.
  if (line.length > INDENT - 2) {
    lines.push(line);
    line = ''.padEnd(INDENT - 2);
  }
  let gap = '  ';
  for (const word of text.split(' ')) {
    if (line.length + gap.length + word.length > WIDTH) {
      lines.push(line);
      line = ''.padEnd(INDENT);
      gap = '';
    }
    line += gap + word;
    gap = ' ';
  }
  return [...lines, line].join('\n');
}
