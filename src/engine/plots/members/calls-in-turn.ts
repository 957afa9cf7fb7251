/** How turns divide by how many calls they make. */
import { rangeText } from '../range-text.ts';
import type { Plot } from '../plot.ts';

export const callsInTurn: Plot = {
  id: 'calls-in-turn',
  label: 'Turns by calls',
  help: 'Share of a set’s turns that make so many tool calls.',
  unit: null,
  format: 'percent',
  kind: 'shares',
  measure({ turns }) {
    const { at, ratios } = turns.callsInTurn;
    if (ratios.cells < 2) return null;
    // A rollout has such turns only if it makes that many calls at all.
    const cell = (_: unknown, i: number) => ({ label: rangeText(at, i), term: i === 0 ? null : `calls>=${at[i] ?? 0}` });
    return { ratios, cells: Array.from({ length: ratios.cells }, cell) };
  },
};
