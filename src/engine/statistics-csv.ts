/** Every node with its statistics as CSV: one line a node, in depth-first order, for spreadsheets and data frames. */
import { NONE } from '../core/model/kinds.ts';
import { nodeKeyOf } from '../core/model/node-key.ts';
import { taskOf } from '../core/tree/navigate.ts';
import { numberCell, textCell } from './csv-cells.ts';
import { kindAt, toolAt } from './naming.ts';
import type { Ruling } from './ruled.ts';
import { STATISTICS } from './statistics/registry.ts';

const PLACE = ['task', 'node', 'parent', 'depth', 'kind', 'tool'] as const;

/**
 * Lines of the nodes [from, from + count) of the token forest, the line of names before the first; empty beyond the
 * last. Nodes are named by their keys. Unknown numbers are empty. Text of the log that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function nodesCsv(ruling: Ruling, from: number, count: number): string {
  const { forest, tasks } = ruling.dataset.tokens;
  const statistics = STATISTICS.filter(({ views }) => views.includes('tokens'));
  const end = Math.min(forest.length, from + count);
  if (from >= end) return '';
  const columns = statistics.map((statistic) => statistic.column(ruling, 'tokens', from, end));
  const lines = from === 0 ? [[...PLACE, ...statistics.map(({ id }) => id)].join(',')] : [];
  let task = taskOf(forest, from);
  let key = textCell(tasks[task]?.key ?? '');
  for (let n = from; n < end; n++) {
    if (n >= (forest.treeStart[task + 1] ?? 0)) {
      task = taskOf(forest, n);
      key = textCell(tasks[task]?.key ?? '');
    }
    const parent = forest.parent[n] ?? NONE;
    const above = parent === NONE ? '' : nodeKeyOf(forest.keys, parent);
    const what = `${kindAt(forest, n)},${textCell(toolAt(forest, n) ?? '')}`;
    let line = `${key},${nodeKeyOf(forest.keys, n)},${above},${forest.depth[n] ?? 0},${what}`;
    for (const column of columns) line += `,${numberCell(column[n - from] ?? Number.NaN)}`;
    lines.push(line);
  }
  return `${lines.join('\r\n')}\r\n`;
}
