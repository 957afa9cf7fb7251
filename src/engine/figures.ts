/** The figures of a drawn tree: columns of statistics asked for by id, with ranks and protection. */
import { costColumn } from '../core/prune/cost-column.ts';
import { packProtection } from '../core/prune/protection-column.ts';
import type { TreeFigures, TreeView } from './answers/drawing.ts';
import type { Ruling } from './ruled.ts';
import { STATISTICS } from './statistics/registry.ts';
import type { NodeStatistic } from './statistics/statistic.ts';

/** Throws where an id names no statistic. */
function statisticOf(id: string): NodeStatistic {
  const found = STATISTICS.find((statistic) => statistic.id === id);
  if (!found) throw new Error(`expected a statistic (${STATISTICS.map((statistic) => statistic.id).join(', ')}), found ${id}`);
  return found;
}

/** Ids out of `ids` whose column holds while only the order, or only the order and the scores, are others. */
export function lasting(ids: readonly string[], scoresToo: boolean): readonly string[] {
  return ids.filter((id) => {
    const { restsOn } = statisticOf(id);
    return restsOn === 'forest' || (restsOn === 'scores' && !scoresToo);
  });
}

/** statistic id -> value of one node of the token forest */
export function nodeFigures(ruling: Ruling, node: number): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const statistic of STATISTICS)
    if (statistic.views.includes('tokens')) figures[statistic.id] = statistic.column(ruling, 'tokens', node, node + 1)[0] ?? Number.NaN;
  return figures;
}

/** O(nodes of the task) for each figure asked for. */
export function treeFigures(ruling: Ruling, task: number, view: TreeView, ids: readonly string[]): TreeFigures {
  const { forest } = ruling.dataset[view];
  const first = forest.treeStart[task] ?? 0;
  const end = forest.treeStart[task + 1] ?? 0;
  const columns: Record<string, Float32Array> = {};
  for (const id of ids) columns[id] = statisticOf(id).column(ruling, view, first, end);
  const protection = new Uint8Array(end - first);
  if (view === 'actions') return { orderId: ruling.id, columns, rank: null, costs: null, packedProtection: packProtection(protection) };
  const { pinned, factor } = ruling.order.plan.protections;
  const { excluded } = ruling.problem.forest;
  for (let n = first; n < end; n++) protection[n - first] = excluded?.[n] === 1 ? 3 : pinned[n] === 1 ? 2 : (factor[n] ?? 1) > 1 ? 1 : 0;
  const rank = new Int32Array(ruling.order.rank.subarray(first, end));
  return { orderId: ruling.id, columns, rank, costs: costColumn(ruling.order, task), packedProtection: packProtection(protection) };
}
