/** Terms of the filter language that bars stand for. */

/** `tool:bash`; in quotes where the word needs them. */
export function termOf(column: string, word: string): string {
  return word === '' || /[\s"()\\*]/.test(word) ? `${column}:"${word.replaceAll(/[\\"*]/g, '\\$&')}"` : `${column}:${word}`;
}

/** The rollouts of a bin. */
export function rangeTerm(column: string, from: number, to: number): string {
  return `${column}>=${from} ${column}<${to}`;
}
