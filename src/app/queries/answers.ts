/** What the session answers about the open forest, keyed by its version, the scores' version, the rule and the budget. */
import { hashKey, queryOptions, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { UseInfiniteQueryResult, InfiniteData, UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { presetOf, type PRESETS } from '../../core/rule/presets.ts';
import type { ActionAnswer, NodeAnswer, NodeTextAnswer } from '../../engine/answers/looking.ts';
import type { ComparisonAnswer, KeepAnswer, OrderAnswer } from '../../engine/answers/pruning.ts';
import type { DatasetFacts, TaskTable } from '../../engine/answers/dataset.ts';
import type { ExportPreview, ExportSpec, ProfileOffer } from '../../engine/answers/exporting.ts';
import { useChoices, usePicked } from '../state/choices.ts';
import { suggestedBudget } from '../state/suggested.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';
import { useFacts } from './opening.ts';

const orders = makeGate();
const comparisons = makeGate();
const ticks = makeGate();
export const looks = makeGate();
const weights = makeGate();

/** The opening, the version of its forest and that of its scores, as they stand in keys. */
export type Epoch = `${number}.${number}.${number}`;

const NOTHING: Epoch = '0.0.0';

export function epochOf(opening: number, facts: Pick<DatasetFacts, 'version' | 'scoreVersion'>): Epoch {
  return `${opening}.${facts.version}.${facts.scoreVersion}`;
}

/** null before there is anything to ask about. */
export function useEpoch(): Epoch | null {
  const opening = useChoices((s) => s.opening?.id);
  const facts = useFacts();
  return opening === undefined || facts === undefined ? null : epochOf(opening, facts);
}

/** For answers that no entropy changes. */
export function useForest(): `${number}.${number}` | null {
  const opening = useChoices((s) => s.opening?.id);
  const version = useFacts()?.version;
  return opening === undefined || version === undefined ? null : `${opening}.${version}`;
}

/** Shows the answer before while the next is on its way, but never one about other files. */
export function keepWithin(
  epoch: string | null,
): <T>(data: T | undefined, before: { readonly queryKey: readonly unknown[] } | undefined) => T | undefined {
  return (data, before) => (epoch !== null && openingOf(before?.queryKey[1]) === openingOf(epoch) ? data : undefined);
}

function openingOf(epoch: unknown): string | undefined {
  return typeof epoch === 'string' ? epoch.split('.')[0] : undefined;
}

/** The preset whose settings are in force, or null. */
export function usePreset(): (typeof PRESETS)[number] | null {
  const rule = useChoices((s) => s.pruning.present.rule);
  return useMemo(() => presetOf(rule), [rule]);
}

/** The budget for as long as the person sets none. */
export function useSuggestedBudget(): Budget {
  return suggestedBudget(useFacts(), useOrder().data, usePreset());
}

export function useBudget(): Budget {
  const chosen = useChoices((s) => s.pruning.present.budget);
  const suggested = useSuggestedBudget();
  return chosen ?? suggested;
}

/** The budget once a drag has come to rest: for answers that need not follow every tick. */
export function useRestingBudget(): Budget {
  const chosen = useChoices((s) => (s.pruning.before ?? s.pruning.present).budget);
  const suggested = useSuggestedBudget();
  return chosen ?? suggested;
}

export function useTasks(): TaskTable | undefined {
  const forest = useForest();
  return useQuery({
    queryKey: ['tasks', forest],
    queryFn: forest === null ? skipToken : () => ask((session) => session.tasks()),
    placeholderData: keepWithin(forest),
  }).data;
}

/**
 * The row of the task in force: the chosen one, else the one with the most distinct tokens kept when that was first known, so that
 * it does not jump while reading goes on.
 */
export function useTask(): number | null {
  const chosen = useChoices((s) => s.task);
  const opening = useChoices((s) => s.opening?.id);
  const tasks = useTasks();
  const known = tasks !== undefined && tasks.length > 0;
  const kept = useKeptByTask();
  const { data: first } = useQuery({
    queryKey: ['first-task', opening],
    queryFn: known && kept?.distinct.length === tasks.length ? () => tasks.key[largest(kept.distinct)] ?? null : skipToken,
    gcTime: Infinity,
  });
  if (!known) return null;
  for (const key of [chosen, first]) {
    const task = typeof key === 'string' ? tasks.key.indexOf(key) : -1;
    if (task >= 0) return task;
  }
  return null;
}

/** Index of the largest value, the first of equals. */
function largest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[at] ?? 0)) at = i;
  return at;
}

const ruleKeys = new WeakMap<PruneRule, string>();

/** A rule in a key: spelt once, because a key is spelt anew by everyone who asks, in every tick of the slider. */
function keyOfRule(rule: PruneRule): string {
  const known = ruleKeys.get(rule) ?? hashKey([rule]);
  ruleKeys.set(rule, known);
  return known;
}

/** Asked for again whenever a rule comes back: the session holds few orders, and a kept answer might name one it has dropped. */
export function orderQuery(epoch: Epoch, rule: PruneRule) {
  return queryOptions({
    queryKey: ['order', epoch, keyOfRule(rule)],
    gcTime: 0,
    queryFn: ({ signal }) => orders.turn(signal, () => ask((session) => session.makeOrder(rule))),
  });
}

export function useOrder(): UseQueryResult<OrderAnswer> {
  const epoch = useEpoch();
  const rule = useChoices((s) => s.pruning.present.rule);
  return useQuery({ ...orderQuery(epoch ?? NOTHING, rule), enabled: epoch !== null, placeholderData: keepWithin(epoch) });
}

/** The current order's name; undefined while the rule's order is still being made. */
export function useOrderId(): number | undefined {
  const { data, isPlaceholderData } = useOrder();
  return isPlaceholderData ? undefined : data?.orderId;
}

export function compareQuery(epoch: Epoch, id: number) {
  return queryOptions({
    queryKey: ['compare', epoch, id],
    queryFn: ({ signal }) => comparisons.turn(signal, () => ask((session) => session.compare(id))),
  });
}

export function useComparison(): ComparisonAnswer | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  return useQuery({
    ...compareQuery(epoch ?? NOTHING, id ?? 0),
    enabled: epoch !== null && id !== undefined,
    placeholderData: keepWithin(epoch),
  }).data;
}

/** One tick of the slider. Cheap, so it is not kept for long. */
export function useKeep(): UseQueryResult<KeepAnswer> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useBudget();
  return useQuery({
    queryKey: ['keep', epoch, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => ticks.turn(signal, () => ask((session) => session.keep(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 2_000,
  });
}

export interface KeptByTask {
  readonly signal: Float64Array;
  readonly distinct: Float64Array;
}

export function useKeptByTask(): KeptByTask | undefined {
  return useKeptByTaskNow().data;
}

/** Says too whether the answer is still that of the scores, rule or budget before. */
export function useKeptByTaskNow(): UseQueryResult<KeptByTask> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<KeptByTask>({
    queryKey: ['kept-by-task', epoch, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => orders.turn(signal, () => ask((session) => session.keptByTask(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
}

/** null: the open log has no such node. Not asked while the slider is dragged: what it drops is known here (`useCut`). */
export function useNode(): UseQueryResult<NodeAnswer | null> {
  const epoch = useEpoch();
  const node = useChoices((s) => s.node);
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<NodeAnswer | null>({
    queryKey: ['node', epoch, id, budget, node],
    queryFn:
      node === null || id === undefined
        ? skipToken
        : ({ signal }) => looks.turn(signal, () => ask((session) => session.node(id, budget, node))),
    placeholderData: (before) => (before?.key === node ? before : undefined),
    gcTime: 5_000,
  });
}

/** null: the open log has no such action. */
export function useAction(): UseQueryResult<ActionAnswer | null> {
  const forest = useForest();
  const action = useChoices((s) => s.action);
  return useQuery<ActionAnswer | null>({
    queryKey: ['action', forest, action],
    queryFn: action === null ? skipToken : ({ signal }) => looks.turn(signal, () => ask((session) => session.action(action))),
    placeholderData: (before) => (before?.key === action ? before : undefined),
    gcTime: 5_000,
  });
}

/** How many of the nodes that the choices name the open log has. */
export function useMarked(): { readonly here: number; readonly of: number } | undefined {
  const forest = useForest();
  const { node, action, hand } = usePicked((s) => ({ node: s.node, action: s.action, hand: s.pruning.present.rule.hand }));
  const tokens = [...new Set([...hand.map(({ key }) => key), ...(node === null ? [] : [node])])];
  const actions = action === null ? [] : [action];
  return useQuery({
    queryKey: ['marked', forest, tokens, actions],
    queryFn:
      forest === null
        ? skipToken
        : async () => {
            const found = await Promise.all([
              ask((session) => session.locate('tokens', tokens)),
              ask((session) => session.locate('actions', actions)),
            ]);
            const here = found.reduce((sum, column) => sum + column.reduce((some, is) => some + is, 0), 0);
            return { here, of: tokens.length + actions.length };
          },
    gcTime: 5_000,
  }).data;
}

/** Tokens asked for at a time. */
const TEXT_PAGE = 1_000;

/** @param node of the token tree */
export function useNodeText(node: NodeKey): UseInfiniteQueryResult<InfiniteData<NodeTextAnswer>> {
  const forest = useForest();
  return useInfiniteQuery({
    queryKey: ['node-text', forest, node],
    queryFn: ({ pageParam }) => ask((session) => session.nodeText(node, pageParam, TEXT_PAGE)),
    initialPageParam: 0,
    getNextPageParam: (page: NodeTextAnswer) =>
      page.tokens.length > 0 && page.from + page.tokens.length < page.total ? page.from + page.tokens.length : undefined,
  });
}

/** Token of a node -> its weight over all records, 0 = no loss; null where the policy did not write it. */
export function useTokenWeights(node: NodeKey): Float32Array | null | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<Float32Array | null>({
    queryKey: ['token-weights', epoch, id, budget, node],
    queryFn:
      id === undefined ? skipToken : ({ signal }) => weights.turn(signal, () => ask((session) => session.tokenWeights(id, budget, node))),
    gcTime: 5_000,
  }).data;
}

export function useExportProfiles(): UseQueryResult<readonly ProfileOffer[]> {
  const forest = useForest();
  return useQuery({
    queryKey: ['export-profiles', forest],
    queryFn: forest === null ? skipToken : () => ask((session) => session.exportProfiles()),
    placeholderData: keepWithin(forest),
  });
}

/** @param spec null: not known yet */
export function useExportPreview(spec: ExportSpec | null): UseQueryResult<readonly ExportPreview[]> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery({
    queryKey: ['export-preview', epoch, id, budget, spec],
    queryFn:
      id === undefined || spec === null
        ? skipToken
        : ({ signal }) => looks.turn(signal, () => ask((session) => session.previewExport(id, budget, spec))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
}
