/** Which candidate of a task a ranking puts first, and which last: one each, the same whatever the order of files. */
import type { CandidateKey } from './candidate.ts';

export interface Rankable {
  readonly key: CandidateKey;
  /** The larger the better; NaN: unknown, and never chosen. */
  readonly score: number;
}

export interface Chosen {
  /** Row among those that were given. */
  readonly row: number;
  /** Others with the same score, between whom the smaller key decided. */
  readonly ties: number;
}

/** [ours] Of equal scores the one with the smaller key; null: none has a score. */
export function highestOf(candidates: readonly Rankable[]): Chosen | null {
  return firstBy(candidates, (score) => score);
}

/** The same from the other end. */
export function lowestOf(candidates: readonly Rankable[]): Chosen | null {
  return firstBy(candidates, (score) => -score);
}

function firstBy(candidates: readonly Rankable[], worth: (score: number) => number): Chosen | null {
  let row = -1;
  let ties = 0;
  for (const [at, { key, score }] of candidates.entries()) {
    if (Number.isNaN(score)) continue;
    const held = candidates[row];
    if (held === undefined || worth(score) > worth(held.score)) {
      row = at;
      ties = 0;
      continue;
    }
    if (score !== held.score) continue;
    ties++;
    if (key < held.key) row = at;
  }
  return row < 0 ? null : { row, ties };
}
