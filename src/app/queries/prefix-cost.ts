/** Prefix costs at the budget in force, and the packing of one of the two sets of records. */
import type { PrefixCostAnswer, PrefixPackingAnswer } from '../../engine/answers/prefix-cost.ts';
import type { TrainedModel } from '../../core/prefix/flops.ts';
import { prefixCostCsv } from '../../engine/studies/prefix-cost/csv.ts';
import { download } from '../../platform/browser/save.ts';
import { usePrefixCostChoice } from '../state/prefix-cost.ts';
import { useOrderId, useRestingBudget } from './answers.ts';
import { useExportSpec } from './export-spec.ts';
import { useStudy, type StudyState } from './study.ts';

/** What an export is asked for; null while it is not known yet. Its files do not matter here. */
function useAsked() {
  const id = useOrderId();
  const budget = useRestingBudget();
  const { spec } = useExportSpec();
  return id === undefined || spec === null ? null : { id, budget, spec: { ...spec, profiles: [] } };
}

export function usePrefixCost(): StudyState<PrefixCostAnswer> {
  const asked = useAsked();
  const { context, kernel } = usePrefixCostChoice();
  const settings = { context, kernel };
  return useStudy('prefix-cost', asked && { ...asked, settings }, (session) =>
    asked === null ? Promise.reject(new Error('nothing is asked')) : session.prefixCost(asked.id, asked.budget, asked.spec, settings),
  );
}

export function usePrefixPacking(): StudyState<PrefixPackingAnswer> {
  const asked = useAsked();
  const { room, across, set } = usePrefixCostChoice();
  const settings = { room, across };
  // No budget changes the whole log.
  const question = asked && (set === 'log' ? { id: asked.id, set, settings } : { ...asked, set, settings });
  return useStudy('prefix-packing', question, (session) =>
    asked === null
      ? Promise.reject(new Error('nothing is asked'))
      : session.prefixPacking(asked.id, asked.budget, asked.spec, set, settings),
  );
}

export function savePrefixCost(answer: PrefixCostAnswer, model: TrainedModel, recomputes: boolean): void {
  download({ name: 'prefix-cost.csv', blob: new Blob([prefixCostCsv(answer, model, recomputes)], { type: 'text/csv' }) });
}
