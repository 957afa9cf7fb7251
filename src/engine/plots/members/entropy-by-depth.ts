/** How undecided the policy is as its context grows. */
import { rangeText } from '../range-text.ts';
import type { Plot } from '../plot.ts';

export const entropyByDepth: Plot = {
  id: 'entropy-by-depth',
  label: 'Entropy by depth',
  help: 'Mean entropy of the sampled tokens that have one, by how many tokens of the trajectory are above them.',
  unit: 'nats',
  format: 'decimal',
  kind: 'series',
  measure({ turns }) {
    const { at, ratios } = turns.entropyByDepth;
    if (ratios.below.length === 0) return null;
    const cell = (_: unknown, i: number) => ({ label: rangeText(at, i), term: (at[i] ?? 0) === 0 ? null : `tokens>${at[i] ?? 0}` });
    return { ratios, cells: Array.from({ length: ratios.cells }, cell) };
  },
};
