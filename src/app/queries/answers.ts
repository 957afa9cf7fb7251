/** What the session answers about the open forest, keyed by its version, the rule and the budget. */
import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { UseInfiniteQueryResult, InfiniteData, UseQueryResult } from '@tanstack/react-query';
import type { Budget } from '../../core/model.ts';
import type {
  ComparisonAnswer, ExportPreview, ExportSpec, KeepAnswer, NodeAnswer, NodeTextAnswer, OrderAnswer, TaskTable, TreeColumns,
} from '../../engine/answers.ts';
import { useChoices } from '../state/choices.ts';
import { budgetOf } from '../state/suggested.ts';
import { session } from './client.ts';
import { makeGate } from './latest.ts';
import { useFacts } from './opening.ts';

const orders = makeGate();
const ticks = makeGate();
const looks = makeGate();

function useVersion(): number | null {
  return useFacts()?.version ?? null;
}

export function useBudget(): Budget {
  const chosen = useChoices((s) => s.pruning.present.budget);
  return budgetOf(chosen, useFacts());
}

/** The budget once a drag has come to rest: for answers that need not follow every tick. */
export function useRestingBudget(): Budget {
  const chosen = useChoices((s) => (s.pruning.before ?? s.pruning.present).budget);
  return budgetOf(chosen, useFacts());
}

export function useTasks(): TaskTable | undefined {
  const version = useVersion();
  return useQuery({ queryKey: ['tasks', version], queryFn: version === null ? skipToken : () => session().tasks(), placeholderData: keepPreviousData }).data;
}

/** The task in force: the chosen one, else the largest by distinct tokens. */
export function useTask(): number | null {
  const chosen = useChoices((s) => s.task);
  const tasks = useTasks();
  if (!tasks || tasks.length === 0) return null;
  return chosen !== null && chosen < tasks.length ? chosen : largestTask(tasks);
}

function largestTask(tasks: TaskTable): number {
  let largest = 0;
  for (let t = 1; t < tasks.length; t++) if ((tasks.distinct[t] ?? 0) > (tasks.distinct[largest] ?? 0)) largest = t;
  return largest;
}

export function useOrder(): UseQueryResult<OrderAnswer> {
  const version = useVersion();
  const rule = useChoices((s) => s.pruning.present.rule);
  return useQuery({
    queryKey: ['order', version, rule],
    queryFn: version === null ? skipToken : ({ signal }) => orders.turn(signal, () => session().order(rule)),
    placeholderData: keepPreviousData,
  });
}

export function useComparison(): ComparisonAnswer | undefined {
  const version = useVersion();
  const id = useOrder().data?.orderId;
  const answer = useQuery({
    queryKey: ['compare', version, id],
    queryFn: id === undefined ? skipToken : ({ signal }) => orders.turn(signal, () => session().compare(id)),
    placeholderData: keepPreviousData,
  }).data;
  return answer;
}

/** One tick of the slider. Cheap, so it is not kept for long. */
export function useKeep(): UseQueryResult<KeepAnswer> {
  const version = useVersion();
  const id = useOrder().data?.orderId;
  const budget = useBudget();
  return useQuery({
    queryKey: ['keep', version, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => ticks.turn(signal, () => session().keep(id, budget)),
    placeholderData: keepPreviousData,
    gcTime: 2_000,
  });
}

export function useKeptByTask(): { readonly signal: Float64Array; readonly distinct: Float64Array } | undefined {
  const version = useVersion();
  const id = useOrder().data?.orderId;
  const budget = useRestingBudget();
  return useQuery({
    queryKey: ['kept-by-task', version, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => orders.turn(signal, () => session().keptByTask(id, budget)),
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  }).data;
}

/** The drawn tree; its protection column is the current order's. */
export function useTree(): UseQueryResult<TreeColumns> {
  const version = useVersion();
  const task = useTask();
  const view = useChoices((s) => s.treeView);
  const id = useOrder().data?.orderId;
  return useQuery({
    queryKey: ['tree', version, id, task, view],
    queryFn: task === null || id === undefined ? skipToken : ({ signal }) => looks.turn(signal, () => session().tree(task, view)),
    placeholderData: keepPreviousData,
  });
}

/** Rank of every node of the drawn tree; undefined for the action tree, which no order ranks. */
export function useRanks(): { readonly task: number; readonly ranks: Int32Array } | undefined {
  const version = useVersion();
  const task = useTask();
  const view = useChoices((s) => s.treeView);
  const id = useOrder().data?.orderId;
  return useQuery({
    queryKey: ['ranks', version, id, task],
    queryFn: task === null || id === undefined || view === 'actions' ? skipToken
      : ({ signal }) => looks.turn(signal, async () => ({ task, ranks: await session().ranks(id, task) })),
    placeholderData: keepPreviousData,
  }).data;
}

export function useNode(): UseQueryResult<NodeAnswer> {
  const version = useVersion();
  const node = useChoices((s) => s.node);
  const id = useOrder().data?.orderId;
  const budget = useBudget();
  return useQuery<NodeAnswer>({
    queryKey: ['node', version, id, budget, node],
    queryFn: node === null || id === undefined ? skipToken : ({ signal }) => looks.turn(signal, () => session().node(id, budget, node)),
    placeholderData: (before) => (before?.node === node ? before : undefined),
    gcTime: 5_000,
  });
}

/** Tokens asked for at a time. */
const TEXT_PAGE = 1_000;

export function useNodeText(): UseInfiniteQueryResult<InfiniteData<NodeTextAnswer>> {
  const version = useVersion();
  const node = useChoices((s) => s.node);
  return useInfiniteQuery({
    queryKey: ['node-text', version, node],
    queryFn: node === null ? skipToken : ({ pageParam }) => session().nodeText(node, pageParam, TEXT_PAGE),
    initialPageParam: 0,
    getNextPageParam: (page: NodeTextAnswer) => (page.tokens.length > 0 && page.from + page.tokens.length < page.total ? page.from + page.tokens.length : undefined),
  });
}

export function useExportPreview(spec: ExportSpec): UseQueryResult<readonly ExportPreview[]> {
  const version = useVersion();
  const id = useOrder().data?.orderId;
  const budget = useRestingBudget();
  return useQuery({
    queryKey: ['export-preview', version, id, budget, spec],
    queryFn: id === undefined ? skipToken : ({ signal }) => looks.turn(signal, () => session().previewExport(id, budget, spec)),
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
}
