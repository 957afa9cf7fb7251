/** Mounts the retained-signal curve, whose handle is the slider of the cut budget. */
import { useEffect, useRef } from 'react';
import { createBudgetCurve } from '../../canvas/budget-curve.ts';
import type { BudgetCurve } from '../../canvas/budget-curve.ts';
import { useBudget, useComparison, useOrder, useSuggestedBudget } from '../../queries/answers.ts';
import { useSettingsComparison } from '../../queries/compare.ts';
import { useChoices } from '../../state/choices.ts';
import type { CurveOf } from '../../state/looks.ts';
import { Segments } from '../../widgets/controls.tsx';
import { GradientFigure } from './gradient-figure.tsx';
import { setShare } from '../../state/suggested.ts';

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
  const of = useChoices((s) => s.curve);
  const a = useChoices((s) => s.settingsA);
  const compared = useSettingsComparison().data;
  const { cut } = useBudget();
  useEffect(() => {
    if (!host.current) return undefined;
    const made = createBudgetCurve(host.current, {
      onShare: (share) => setShare(now.current, 'cut', share, 'drag'),
      onCommit: () => useChoices.getState().commitBudget(),
    });
    curve.current = made;
    return () => {
      curve.current = null;
      made.dispose();
    };
  }, []);
  useEffect(() => {
    const own = comparison?.orderId === order?.orderId ? comparison : null;
    const beside = a && compared ? { curve: compared.a.curve, share: a.budget.cut } : null;
    if (order) curve.current?.setData({ order, comparison: own ?? null, of, beside });
  }, [order, comparison, of, a, compared]);
  useEffect(() => curve.current?.setShare(cut), [cut]);
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex min-h-[34px] flex-none flex-wrap items-center gap-x-3 gap-y-0.5 px-3 pt-2">
        <Segments<CurveOf> label="What the curve shows" choices={CURVES} value={of} onChange={(value) => set({ curve: value })} />
        <span className="min-w-0 grow basis-[200px]">
          <GradientFigure />
        </span>
      </div>
      <div ref={host} className="relative min-h-[210px] min-w-0 flex-1 min-[900px]:min-h-0" />
    </div>
  );
}
