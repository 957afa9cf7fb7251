/** The bottom of the workbench: how much for how much. Settings, the curve that is the slider, and the figures after. */
import { ErrorBoundary } from '../../widgets/error-boundary.tsx';
import { useOrder } from '../../queries/answers.ts';
import { signalRemark } from '../../text/signal.ts';
import { AfterTable } from './after-table.tsx';
import { BudgetControls } from './budget-controls.tsx';
import { FillControl } from './fill-control.tsx';
import { Curve } from './curve.tsx';

export function BudgetPanel() {
  const { data: order, error } = useOrder();
  const remark = order && signalRemark(order.signal);
  return (
    <section aria-label="Budget" className="min-w-0 bg-card">
      {remark && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sunk px-3 py-1 text-t0 text-ink2">
          <output className="tabular-nums">{remark}</output>
          {order.signal.coverage < 1 && (
            <span className="flex items-center gap-1.5">
              unknown values: <FillControl />
            </span>
          )}
        </div>
      )}
      <div className="grid min-w-0 grid-cols-1 min-[900px]:h-[clamp(232px,35vh,314px)] min-[900px]:grid-cols-[240px_minmax(0,1fr)_256px]">
        <BudgetControls />
        {error ? (
          <p role="alert" className="m-0 p-3 text-t1 text-cut">
            This rule could not be computed: {error.message}
          </p>
        ) : (
          <ErrorBoundary name="The curve">
            <Curve />
          </ErrorBoundary>
        )}
        <AfterTable />
      </div>
    </section>
  );
}
