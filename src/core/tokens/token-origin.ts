/** What an export must know of a rollout's branches without reading them: where their ids come from, and whether the log cuts them off. */

/** `logged`: ids of the log, by whatever tokenizer made them. `text`: made here, by the session's tokenizer. */
export type TokenOrigin = 'logged' | 'text';

export interface BranchOrigin {
  readonly origin: TokenOrigin;
  /** The log cuts off its last turn. */
  readonly isCutOff: boolean;
}

/** origin -> its letter; a capital where the branch is cut off */
const LETTERS: Readonly<Record<TokenOrigin, string>> = { logged: 'l', text: 't' };

/** @param branches branch -> origin. @returns a text that a row can carry: one letter where all are equal */
export function packOrigins(branches: readonly BranchOrigin[]): string {
  const letters = branches.map(({ origin, isCutOff }) => (isCutOff ? LETTERS[origin].toUpperCase() : LETTERS[origin])).join('');
  return letters.replaceAll(letters[0] ?? '', '') === '' ? letters.slice(0, 1) : letters;
}

/** Of a branch, by what `packOrigins` gave; null where the input does not say, as in a forest export. */
export function originOf(packed: string | undefined, branch: number): BranchOrigin | null {
  const letter = packed?.[packed.length === 1 ? 0 : branch] ?? '';
  const plain = letter.toLowerCase();
  const origin = plain === LETTERS.logged ? 'logged' : plain === LETTERS.text ? 'text' : null;
  return origin && { origin, isCutOff: letter !== plain };
}
