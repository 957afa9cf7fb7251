/** Turns that two rules both hit, for the rules that hit any. */
import type { ErrorsAnswer } from '../../../engine/answers/errors.ts';
import { exact } from '../../text/format.ts';

export function OverlapTable({ answer: { rules, overlap } }: { readonly answer: Pick<ErrorsAnswer, 'rules' | 'overlap'> }) {
  const shown = rules.flatMap(({ turns, label, id }, at) => (turns > 0 ? [{ label, id, at }] : []));
  return (
    <details className="rounded border border-line bg-card">
      <summary className="cursor-default px-3 py-1 text-t1 hover:bg-sunk">Turns that two rules both hit</summary>
      <div className="overflow-x-auto">
        <table aria-label="Turns that two rules both hit" className="min-w-max border-collapse text-t0 tabular-nums">
          <thead>
            <tr className="border-b border-line bg-sunk text-ink2">
              <th scope="col" className="px-3 py-1 text-left font-[400]">
                rule
              </th>
              {shown.map(({ id, label }) => (
                <th key={id} scope="col" className="px-2 py-1 text-right font-[400] whitespace-nowrap">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.id} className="border-b border-line last:border-b-0">
                <th scope="row" className="px-3 py-1 text-left font-[400] whitespace-nowrap">
                  {row.label}
                </th>
                {shown.map((column) => (
                  <td key={column.id} className={`px-2 py-1 text-right ${row.at === column.at ? 'text-ink3' : ''}`}>
                    {exact(overlap[row.at]?.[column.at] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
