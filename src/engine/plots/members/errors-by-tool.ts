/** Which tools fail. */
import { termOf } from '../term.ts';
import type { Plot } from '../plot.ts';

export const errorsByTool: Plot = {
  id: 'errors-by-tool',
  label: 'Error rate by tool',
  help: 'Results of a tool that the log marks as errors ÷ its results, where the log names the tool of a result.',
  unit: null,
  format: 'percent',
  kind: 'shares',
  measure({ dataset, turns }) {
    const { tools } = dataset.tokens.forest;
    if (!turns.errors.some((errors) => errors > 0)) return null;
    return { ratios: turns.toolErrors, cells: tools.map((tool) => ({ label: tool, term: termOf('tool', tool) })) };
  },
};
