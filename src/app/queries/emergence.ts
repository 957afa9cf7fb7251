/** Emergence under the filter, the sets, the rule and the budget in force. */
import { useState } from 'react';
import { CHANCE_SEEDS, type EmergenceAnswer, type EmergenceProgress, type EmergenceQuestion } from '../../engine/answers/emergence.ts';
import { RESAMPLES } from '../../engine/answers/statistics.ts';
import { budgetsAt } from '../../engine/studies/emergence/budgets.ts';
import { usePicked } from '../state/choices.ts';
import { useOrderId, useRestingBudget } from './answers.ts';
import { useStudy, type StudyState } from './study.ts';

/** Budgets that are looked at beside the one in force. */
const OTHERS = [0.1, 0.3, 0.5];

export interface EmergenceState extends StudyState<EmergenceAnswer> {
  /** How far the steps are; null: nothing has been told yet. */
  readonly step: EmergenceProgress | null;
}

/** @param to name of the set that the change leads to; null: the last */
export function useEmergence(to: string | null): EmergenceState {
  const { where, split } = usePicked((s) => ({ where: s.filter, split: s.split }));
  const orderId = useOrderId();
  const budget = useRestingBudget();
  const [step, setStep] = useState<EmergenceProgress | null>(null);
  const question: EmergenceQuestion | null =
    orderId === undefined
      ? null
      : { where, split, to, orderId, budget, others: budgetsAt(budget, OTHERS), seeds: CHANCE_SEEDS, resamples: RESAMPLES };
  const state = useStudy<EmergenceAnswer>('emergence', question, async (session) => {
    if (question === null) throw new Error('no order is known yet');
    setStep(null);
    const answer = await session.emergence(question, setStep);
    if (!answer.ok) throw new Error(answer.fault);
    return answer;
  });
  return { ...state, step };
}
