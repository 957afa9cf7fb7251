/** The drawn tree: its shape and the figures that outlive an order are asked for once; a change of rule brings ranks and protection. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { DrawnTree, FigureColumns, TreeView } from '../../engine/answers/drawing.ts';
import { costSums, cutRankAt } from '../../core/prune/cost-column.ts';
import { unpackProtection } from '../../core/prune/protection-column.ts';
import { lasting } from '../../engine/figures.ts';
import { STATISTICS } from '../../engine/statistics/registry.ts';
import { colourIn, useChoices } from '../state/choices.ts';
import type { ColourBy } from '../state/looks.ts';
import { keepWithin, looks, useBudget, useEpoch, useOrderId, useTask } from './answers.ts';
import type { Epoch } from './answers.ts';
import { ask, client } from './client.ts';
import { makeGate } from './latest.ts';

/** Statistics that the drawing of a view shows: on the card, at the end of strips, and in colour. */
function shown(view: TreeView, colour: ColourBy): readonly string[] {
  return STATISTICS.filter(({ id, views, onCard }) => views.includes(view) && (onCard === true || id === colour)).map(({ id }) => id);
}

/** The tree of the order in force, as it stands under it. */
export function useTree(): UseQueryResult<DrawnTree> {
  const epoch = useEpoch();
  const task = useTask();
  const view = useChoices((s) => s.treeView);
  const colour = useChoices(colourIn);
  const figures = shown(view, colour);
  const id = useOrderId();
  return useQuery<DrawnTree>({
    queryKey: ['tree', epoch, id, task, view, figures],
    queryFn:
      epoch === null || task === null || id === undefined
        ? skipToken
        : ({ signal }) => looks.turn(signal, () => drawnTree(epoch, id, task, view, figures)),
    placeholderData: keepWithin(epoch),
  });
}

async function drawnTree(epoch: Epoch, id: number, task: number, view: TreeView, figures: readonly string[]): Promise<DrawnTree> {
  const { shape, columns } = heldOf(epoch, task, view);
  const missing = figures.filter((figure) => columns[figure] === undefined);
  const [nodes, { columns: made, costs, packedProtection, ...order }] = await Promise.all([
    shape ?? ask((session) => session.shape(id, task, view)),
    ask((session) => session.figures(id, task, view, missing)),
  ]);
  const protection = unpackProtection(packedProtection, nodes.length);
  return { ...nodes, ...order, protection, figures: { ...columns, ...made }, costSums: costs && costSums(costs) };
}

/** What earlier answers hold of this tree. */
function heldOf(epoch: Epoch, task: number, view: TreeView): { readonly shape: DrawnTree | null; readonly columns: FigureColumns } {
  let shape: DrawnTree | null = null;
  const columns: Record<string, Float32Array> = {};
  for (const [key, tree] of client.getQueriesData<DrawnTree>({ queryKey: ['tree'] })) {
    const before = key[1];
    if (typeof before !== 'string' || forestOf(before) !== forestOf(epoch) || tree?.task !== task || tree.view !== view) continue;
    shape = tree;
    for (const id of lasting(Object.keys(tree.figures), before !== epoch)) columns[id] = tree.figures[id] ?? new Float32Array(0);
  }
  return { shape, columns };
}

/** The opening and the version of its forest. */
function forestOf(epoch: string): string {
  return epoch.slice(0, epoch.lastIndexOf('.'));
}

/**
 * First rank that the budget in force drops, found here so that the drawing follows the slider within a frame; null: nothing
 * is ranked, or `task` is not drawn.
 */
export function useCut(task?: number): number | null {
  const tree = useTree().data;
  const { cut } = useBudget();
  return tree?.costSums && (task ?? tree.task) === tree.task ? cutRankAt(tree.costSums, cut) : null;
}

const shares = makeGate();

/** Local node of the drawn tree of tokens -> share of its sampled tokens that carry loss; undefined where all of them do. */
export function useTrained(): Float32Array | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const task = useTask();
  const budget = useBudget();
  const view = useChoices((s) => s.treeView);
  const all = useChoices((s) => s.pruning.present.rule.outcome === 'all');
  const isAsked = id !== undefined && task !== null && view === 'tokens' && (budget.train < 1 || !all);
  const { data } = useQuery<Float32Array>({
    queryKey: ['trained', epoch, id, task, budget],
    queryFn: isAsked ? ({ signal }) => shares.turn(signal, () => ask((session) => session.trainedShares(id, budget, task))) : skipToken,
    placeholderData: keepWithin(epoch),
    gcTime: 2_000,
  });
  return isAsked ? data : undefined;
}
