/** Figures of nodes: one number a node, asked for by id. What each rests on says when it must be asked for again. */
import { ENTROPY_SOURCES, nodeEntropy } from '../core/signal/entropy.ts';
import { meanThrough } from '../core/signal/advantage.ts';
import type { TreeFigures, TreeView } from './answers/drawing.ts';
import type { Ruling } from './ruling.ts';

/** What a change of makes the figure another one; each includes those before it. */
type RestsOn = 'forest' | 'scores' | 'order';

interface NodeFigure {
  readonly id: string;
  readonly restsOn: RestsOn;
  /** Of the nodes [first, end) of the forest of that view, NaN where unknown. */
  column(ruling: Ruling, view: TreeView, first: number, end: number): Float32Array<ArrayBuffer>;
}

/** Mean nats per sampled token with a value. */
const ENTROPY: NodeFigure = {
  id: 'entropy',
  restsOn: 'scores',
  column(ruling, view, first, end) {
    const entropy = view === 'tokens' ? ruling.scores.entropy : nodeEntropy(ruling.dataset.actions.forest, 'sum');
    const none = ENTROPY_SOURCES.indexOf('none');
    const mean = new Float32Array(end - first).fill(NaN);
    for (let n = first; n < end; n++) {
      const known = entropy.known[n] ?? 0;
      if (known > 0 && entropy.source[n] !== none) mean[n - first] = (entropy.sum[n] ?? 0) / known;
    }
    return mean;
  },
};

/** Mean reward of the trajectories through the node. */
const REWARD: NodeFigure = {
  id: 'reward',
  restsOn: 'forest',
  column(ruling, view, first, end) {
    const { forest } = ruling.dataset.actions;
    const means = view === 'tokens' ? ruling.scores.meanReward : meanThrough(forest, forest.trajectories.reward);
    return Float32Array.from(means.subarray(first, end));
  },
};

export const FIGURES: readonly NodeFigure[] = [ENTROPY, REWARD];

/** Throws where an id names no figure. */
function figureOf(id: string): NodeFigure {
  const found = FIGURES.find((figure) => figure.id === id);
  if (!found) throw new Error(`expected a figure (${FIGURES.map((figure) => figure.id).join(', ')}), found ${id}`);
  return found;
}

/** Ids out of `ids` whose column holds while only the order, or only the order and the scores, are others. */
export function lasting(ids: readonly string[], scoresToo: boolean): readonly string[] {
  return ids.filter((id) => {
    const { restsOn } = figureOf(id);
    return restsOn === 'forest' || (restsOn === 'scores' && !scoresToo);
  });
}

/** O(nodes of the task) for each figure asked for. */
export function treeFigures(ruling: Ruling, task: number, view: TreeView, ids: readonly string[]): TreeFigures {
  const { forest } = view === 'tokens' ? ruling.dataset.tokens : ruling.dataset.actions;
  const first = forest.treeStart[task] ?? 0;
  const end = forest.treeStart[task + 1] ?? 0;
  const columns: Record<string, Float32Array> = {};
  for (const id of ids) columns[id] = figureOf(id).column(ruling, view, first, end);
  const protection = new Uint8Array(end - first);
  if (view === 'actions') return { orderId: ruling.id, columns, rank: null, protection };
  const { pinned, factor } = ruling.order.plan.protections;
  for (let n = first; n < end; n++) protection[n - first] = pinned[n] === 1 ? 2 : (factor[n] ?? 1) > 1 ? 1 : 0;
  return { orderId: ruling.id, columns, rank: Int32Array.from(ruling.order.rank.subarray(first, end)), protection };
}
