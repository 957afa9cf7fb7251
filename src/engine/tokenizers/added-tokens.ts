/** Cuts texts at the tokens that a tokenizer.json adds to its vocabulary. */

/** Sections of a text, none empty: each is a token or what stands between two; the longest token that begins at a place counts. */
export function splitAtTokens(tokens: readonly string[]): (text: string) => readonly string[] {
  if (tokens.length === 0) return (text) => (text === '' ? [] : [text]);
  const longestFirst = [...tokens].sort((a, b) => b.length - a.length);
  // By units of UTF-16, so that half a character is found as the library finds it.
  const any = new RegExp(longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'g');
  return (text) => {
    const sections: string[] = [];
    let from = 0;
    for (const { 0: token, index } of text.matchAll(any)) {
      if (index > from) sections.push(text.slice(from, index));
      sections.push(token);
      from = index + token.length;
    }
    if (from < text.length) sections.push(text.slice(from));
    return sections;
  };
}
