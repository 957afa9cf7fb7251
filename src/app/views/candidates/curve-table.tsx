/** For n = 1, 2, …: how often one of n candidates solves its task, by who chooses. */
import type { CandidatesAnswer, ChoiceCurve } from '../../../engine/answers/candidates.ts';
import { exact, percent, plural } from '../../text/format.ts';

/** More lines than anybody reads; the command prints them all. */
const MOST_ROWS = 100;

/** Keys scroll it. */
const SCROLLABLE = { tabIndex: 0 };

interface Column {
  readonly label: string;
  readonly about: string;
  readonly curve: ChoiceCurve;
}

export function CurveTable({ answer: { pass, rankings } }: { readonly answer: CandidatesAnswer }) {
  if (pass.mean.length === 0) return null;
  const columns: readonly Column[] = [
    { label: 'pass@n', about: 'At least one of n solves it: unbiased (Chen et al. 2021). No ranking can choose better.', curve: pass },
    ...rankings.map(({ label, source, curve }) => ({ label: `best of n by ${label}`, about: source, curve })),
  ];
  const rows = Math.min(MOST_ROWS, pass.mean.length);
  return (
    <section aria-label="What a choice solves" className="flex flex-col gap-1">
      <h2 className="m-0 text-t1 font-[550]">Tasks solved by one of n candidates, drawn without replacement</h2>
      <div className="max-h-[210px] w-fit max-w-full overflow-auto rounded border border-line bg-card" {...SCROLLABLE}>
        <table className="border-collapse text-t1 tabular-nums">
          <thead className="sticky top-0 bg-sunk text-t0 text-ink2">
            <tr>
              <th scope="col" className="px-3 py-1 text-right font-[400]">
                n
              </th>
              {columns.map(({ label, about }) => (
                <th key={label} scope="col" title={about} className="px-3 py-1 text-left font-[400] whitespace-nowrap">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, n) => (
              <tr key={n} className="border-t border-line">
                <th scope="row" className="px-3 py-1 text-right font-[400]">
                  {n + 1}
                </th>
                {columns.map(({ label, curve }) => (
                  <td key={label} className="px-3 py-1 whitespace-nowrap">
                    <Figure curve={curve} n={n} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="m-0 text-t0 text-ink2">
        Means over tasks with n candidates of known outcome, their number last; in brackets 95 % intervals from 1,000 draws of the tasks.
        {pass.mean.length > rows && ` ${exact(pass.mean.length - rows)} larger n are in what espalier study candidates prints.`}
      </p>
    </section>
  );
}

function Figure({ curve: { mean, low, high, tasks }, n }: { readonly curve: ChoiceCurve; readonly n: number }) {
  const value = mean[n] ?? Number.NaN;
  if (Number.isNaN(value)) return <span className="text-ink3">–</span>;
  const from = low[n] ?? Number.NaN;
  return (
    <>
      {percent(value)}{' '}
      <span className="text-t0 text-ink2">
        {!Number.isNaN(from) && `[${(from * 100).toFixed(1)}, ${((high[n] ?? 0) * 100).toFixed(1)}] `}
        {plural(tasks[n] ?? 0, 'task')}
      </span>
    </>
  );
}
