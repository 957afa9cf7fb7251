/** Mounts the curve of the budget, whose handles are the sliders of the cut and of training. */
import { useEffect, useRef } from 'react';
import { createBudgetCurve } from '../../canvas/budget-curve.ts';
import type { BudgetCurve } from '../../canvas/budget-curve.ts';
import { useBudget, useComparison, useKeep, useOrder, useSuggestedBudget } from '../../queries/answers.ts';
import { useSettingsComparison } from '../../queries/compare.ts';
import { useFacts } from '../../queries/opening.ts';
import { useTrainCurve } from '../../queries/training.ts';
import { useChoices } from '../../state/choices.ts';
import type { CurveOf } from '../../state/looks.ts';
import { Segments } from '../../widgets/controls.tsx';
import { GradientFigure } from './gradient-figure.tsx';
import { setShare, targetOf } from '../../state/suggested.ts';

const CURVES = [
  { value: 'signal', label: 'Signal', about: 'Share of the signal that each budget retains' },
  {
    value: 'gradient',
    label: 'Gradient',
    about: 'Cosine of what each budget trains with the gradient of the full set, by a scoring model',
  },
] as const;

export function Curve() {
  const set = useChoices((s) => s.set);
  const host = useRef<HTMLDivElement>(null);
  const curve = useRef<BudgetCurve | null>(null);
  const suggested = useSuggestedBudget();
  const now = useRef(suggested);
  useEffect(() => {
    now.current = suggested;
  }, [suggested]);
  const order = useOrder().data;
  const comparison = useComparison();
  const train = useTrainCurve();
  const keep = useKeep().data;
  const of = useChoices((s) => s.curve);
  const a = useChoices((s) => s.settingsA);
  const compared = useSettingsComparison().data;
  const facts = useFacts();
  const target = useChoices((s) => targetOf(s, facts));
  const budget = useBudget();
  useEffect(() => {
    if (!host.current) return undefined;
    const made = createBudgetCurve(host.current, {
      onShare: (share, handle) => setShare(now.current, handle, share, 'drag'),
      onCommit: () => useChoices.getState().commitBudget(),
      onTake: (handle) => useChoices.getState().set({ target: handle }),
    });
    curve.current = made;
    return () => {
      curve.current = null;
      made.dispose();
    };
  }, []);
  const trainValue = trainValueOf(of, keep);
  useEffect(() => {
    if (!order) return;
    curve.current?.setData({
      order,
      comparison: comparison?.orderId === order.orderId ? comparison : null,
      of,
      beside: a && compared ? { curve: compared.a.curve, share: a.budget.cut } : null,
      train: train?.orderId === order.orderId ? train : undefined,
      trainValue,
    });
  }, [order, comparison, of, train, trainValue, a, compared]);
  useEffect(() => {
    curve.current?.setShare(budget.cut, 'cut');
    curve.current?.setShare(budget.train, 'train');
  }, [budget]);
  useEffect(() => curve.current?.setTarget(target), [target]);
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex min-h-[34px] flex-none flex-wrap items-center gap-x-3 gap-y-0.5 px-3 pt-2">
        <Segments<CurveOf> label="What the curve shows" choices={CURVES} value={of} onChange={(value) => set({ curve: value })} />
        <span className="min-w-0 grow basis-[200px]">
          <GradientFigure />
        </span>
      </div>
      <div ref={host} data-pictured="curve" className="relative min-h-[210px] min-w-0 flex-1 min-[900px]:min-h-0" />
    </div>
  );
}

/** What stands at the train handle: signal that carries loss, or the cosine of what is trained. */
function trainValueOf(of: CurveOf, keep: ReturnType<typeof useKeep>['data']): number | null {
  if (!keep) return null;
  if (of === 'gradient') return keep.gradient?.cosine ?? null;
  return keep.signal.total > 0 ? keep.lossSignal / keep.signal.total : null;
}
