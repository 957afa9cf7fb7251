/** Which tools are called. */
import { termOf } from '../term.ts';
import type { Plot } from '../plot.ts';

export const toolMix: Plot = {
  id: 'tool-mix',
  label: 'Tool mix',
  help: 'Share of a set’s tool calls, by tool.',
  unit: null,
  format: 'percent',
  kind: 'shares',
  measure({ dataset, turns }) {
    const { tools } = dataset.tokens.forest;
    if (!turns.calls.some((calls) => calls > 0)) return null;
    return { ratios: turns.toolCalls, cells: tools.map((tool) => ({ label: tool, term: termOf('tool', tool) })) };
  },
};
