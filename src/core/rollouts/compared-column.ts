/** Which of two settings keep a rollout, as a column beside those of the log. */
import type { RolloutColumns, TextColumn } from './columns.ts';

/** By the bits of who keeps it: nobody, A, B, both. */
const WORDS = ['neither', 'A only', 'B only', 'both'] as const;

/** The columns, and in front of the fields of the log one that says who keeps each rollout whole. @param bits rollout -> 1 A, 2 B */
export function withComparedColumn({ length, columns }: RolloutColumns, bits: ArrayLike<number> | null): RolloutColumns {
  if (bits?.length !== length) return { length, columns };
  const compared: TextColumn = {
    type: 'text',
    id: 'compared',
    label: 'A/B',
    help: 'Which of the two settings that are compared keeps it whole: all its trajectories, to the last token.',
    // In the order of words, so that A stands before B.
    codes: Int32Array.from({ length }, (_, r) => ORDER[bits[r]] ?? -1),
    words: SORTED,
  };
  const at = columns.findIndex(({ id }) => id.startsWith('field.'));
  return { length, columns: at < 0 ? [...columns, compared] : columns.toSpliced(at, 0, compared) };
}

const SORTED = WORDS.toSorted();
const ORDER = WORDS.map((word) => SORTED.indexOf(word));
