/** The numbers of one set, or of two against each other, in one table: the answer before the plots. */
import type { StatisticsAnswer } from '../../../engine/answers/statistics.ts';
import { plotInterval } from '../../../engine/plots/number-text.ts';
import { exact } from '../../text/format.ts';
import { numberView, setName, type PlotView } from './plot-view.ts';
import { SetKey } from './set-key.tsx';

export function ChangeTable({ views, whole }: { readonly views: readonly PlotView[]; readonly whole: StatisticsAnswer }) {
  if (whole.sets.length > 2) return null;
  const base = whole.sets.length === 2 ? whole.base : null;
  const other = base === null ? 0 : 1 - base;
  const nameOf = (set: number): string => setName(whole.sets[set] ?? { name: '', term: null, rollouts: 0, tasks: 0 });
  const rows = views.filter(({ answer }) => answer.cells.length === 1);
  return (
    <div className="min-w-0 overflow-x-auto rounded border border-line bg-card">
      <table className="w-full text-t1 tabular-nums">
        <caption className="px-3 pt-3 pb-1 text-left text-t2 font-[600]">
          {base === null ? 'In numbers' : `${nameOf(other)} against ${nameOf(base)}`}
        </caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            <th scope="col" className="px-3 py-1 font-[400]">
              number
            </th>
            {whole.sets.map((set, s) => (
              <th key={s} scope="col" className="max-w-48 px-3 py-1 font-[400]">
                {base === null ? 'value, 95 % interval' : <SetKey set={s} name={setName(set)} />}
              </th>
            ))}
            <th scope="col" className="px-3 py-1 font-[400]">
              {base === null ? 'rollouts' : 'change, 95 % interval'}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((view) => {
            const change = numberView(view, other);
            return (
              <tr key={view.plot.id} className="border-t border-line">
                <th scope="row" className="px-3 py-1 text-left font-[400]">
                  {view.plot.label}
                  {view.plot.unit !== null && view.plot.unit !== view.plot.label.toLowerCase() && (
                    <span className="ml-1.5 text-t0 text-ink2">{view.plot.unit}</span>
                  )}
                </th>
                {whole.sets.map((_, s) => {
                  const { number, low, high } = numberView(view, s);
                  return (
                    <td key={s} className="px-3 py-1">
                      <b className="font-[550]">{number}</b>{' '}
                      <span className="text-t0 text-ink2">{plotInterval(view.plot.format, low, high)}</span>
                    </td>
                  );
                })}
                {base === null ? (
                  <td className="px-3 py-1 text-ink2">{exact(view.answer.count[0] ?? 0)}</td>
                ) : (
                  <td className={`px-3 py-1 ${isClear(view, other) ? 'font-[600]' : 'text-ink2'}`}>{change.change || '–'}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {base !== null && (
        <p className="m-0 px-3 py-2 text-t0 text-ink2">
          Bold: the interval of the change leaves out 0. A change has none where the number has none, or where the base may be 0.
        </p>
      )}
    </div>
  );
}

function isClear({ answer: { change } }: PlotView, set: number): boolean {
  const [low, high] = [change?.low[set] ?? Number.NaN, change?.high[set] ?? Number.NaN];
  return low > 0 || high < 0;
}
