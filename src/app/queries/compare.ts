/** The settings in force (B) against those that are kept (A). */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Settings, SettingsComparison } from '../../engine/answers/comparing.ts';
import { useChoices } from '../state/choices.ts';
import { keepWithin, useBudget, useEpoch, useOrderId, useRestingBudget, useTask } from './answers.ts';
import { ask, client } from './client.ts';
import { makeGate } from './latest.ts';

/** What is asked about A and B, as queries are named. */
const KEYS = ['settings', 'compared-nodes', 'compared-rollouts'] as const;

const looks = makeGate();
const nodes = makeGate();
const whole = makeGate();

/** Settings in force, once a drag has come to rest; null while their order is being made. */
function useSettingsB(): Settings | null {
  const rule = useChoices((s) => s.pruning.present.rule);
  const budget = useRestingBudget();
  return useOrderId() === undefined ? null : { rule, budget };
}

/** Not asked while nothing is kept as A. */
export function useSettingsComparison(): UseQueryResult<SettingsComparison> {
  const epoch = useEpoch();
  const a = useChoices((s) => s.settingsA);
  const b = useSettingsB();
  return useQuery<SettingsComparison>({
    queryKey: ['settings', epoch, a, b],
    queryFn:
      a === null || b === null ? skipToken : ({ signal }) => looks.turn(signal, () => ask((session) => session.compareSettings(a, b))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
}

/** Local node of the drawn tree of tokens -> bits of `KEPT_BY`; undefined where nothing is compared. */
export function useComparedNodes(): Uint8Array | undefined {
  const epoch = useEpoch();
  const a = useChoices((s) => s.settingsA);
  const view = useChoices((s) => s.treeView);
  const b = useSettingsB();
  const task = useTask();
  const isAsked = a !== null && b !== null && task !== null && view === 'tokens';
  const { data } = useQuery<Uint8Array>({
    queryKey: ['compared-nodes', epoch, a, b, task],
    queryFn: isAsked ? ({ signal }) => nodes.turn(signal, () => ask((session) => session.comparedNodes(a, b, task))) : skipToken,
    placeholderData: keepWithin(epoch),
    gcTime: 2_000,
  });
  return isAsked ? data : undefined;
}

/** rollout -> bits of `KEPT_BY`; undefined where nothing is compared. */
export function useComparedRollouts(): Uint8Array | undefined {
  const epoch = useEpoch();
  const a = useChoices((s) => s.settingsA);
  const b = useSettingsB();
  const isAsked = a !== null && b !== null;
  const { data } = useQuery<Uint8Array>({
    queryKey: ['compared-rollouts', epoch, a, b],
    queryFn: isAsked ? ({ signal }) => whole.turn(signal, () => ask((session) => session.comparedRollouts(a, b))) : skipToken,
    // Words of a table are read as they stand: those of the settings before would be wrong.
    gcTime: 2_000,
  });
  return isAsked ? data : undefined;
}

/** Keeps the settings in force as A. */
export function useKeepAsA(): () => void {
  const rule = useChoices((s) => s.pruning.present.rule);
  const budget = useBudget();
  const set = useChoices((s) => s.set);
  return useCallback(() => {
    const settings = { rule, budget };
    set({ settingsA: settings });
    // With the scores that it was made from, whatever is scored later.
    void ask((session) => session.holdSettings(settings))
      // Answers about the same settings may have been given before they were held.
      .then(() => Promise.all(KEYS.map((key) => client.invalidateQueries({ queryKey: [key] }))))
      .catch(() => undefined);
  }, [rule, budget, set]);
}
