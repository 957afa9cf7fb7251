/** How undecided the policy is as a rollout goes on. */
import { rangeText } from '../range-text.ts';
import type { Plot } from '../plot.ts';

export const entropyByTurn: Plot = {
  id: 'entropy-by-turn',
  label: 'Entropy by turn',
  help: 'Mean entropy of the sampled tokens of a turn that have one, by the number of the turn in its rollout.',
  unit: 'nats',
  format: 'decimal',
  kind: 'series',
  measure({ turns }) {
    const { at, ratios } = turns.entropyByTurn;
    if (ratios.below.length === 0) return null;
    const cell = (_: unknown, i: number) => ({ label: rangeText(at, i), term: `turns>=${at[i] ?? 0}` });
    return { ratios, cells: Array.from({ length: ratios.cells }, cell) };
  },
};
