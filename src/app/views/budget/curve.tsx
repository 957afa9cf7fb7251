/** Mounts the retained-signal curve, whose handle is the slider of the cut budget. */
import { useEffect, useRef } from 'react';
import { createBudgetCurve } from '../../canvas/budget-curve.ts';
import type { BudgetCurve } from '../../canvas/budget-curve.ts';
import { useBudget, useComparison, useOrder, useSuggestedBudget } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { setShare } from '../../state/suggested.ts';

export function Curve() {
  const host = useRef<HTMLDivElement>(null);
  const curve = useRef<BudgetCurve | null>(null);
  const suggested = useSuggestedBudget();
  const now = useRef(suggested);
  useEffect(() => {
    now.current = suggested;
  }, [suggested]);
  const order = useOrder().data;
  const comparison = useComparison();
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
    if (order) curve.current?.setData({ order, comparison: comparison?.orderId === order.orderId ? comparison : null });
  }, [order, comparison]);
  useEffect(() => curve.current?.setShare(cut), [cut]);
  return <div ref={host} className="relative min-h-[220px] min-w-0 min-[900px]:min-h-0" />;
}
