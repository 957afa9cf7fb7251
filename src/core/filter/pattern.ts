/** Values with wildcards: `gpt*`, `*.jsonl`, `a*b`. A star stands for any text, none included. */

/** Small letters find both kinds, a capital only itself. */
export function minds(text: string): boolean {
  return /\p{Lu}|\p{Lt}/u.test(text);
}

/** Whether a text is what stands between the wildcards, as a test. Time linear in the text for each piece. */
export function matcherOf(pieces: readonly string[]): (text: string) => boolean {
  const exact = pieces.some(minds);
  const [first = '', ...rest] = exact ? pieces : pieces.map((piece) => piece.toLowerCase());
  const last = rest.pop();
  return (word) => {
    const text = exact ? word : word.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    // The earliest place of each leaves the most room for those behind it.
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}
