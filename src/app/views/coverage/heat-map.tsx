/** Tags of two axes against each other: a number in each cell, empty ones too; one stop of the Tab key, arrows from cell to cell. */
import type { KeyboardEvent } from 'react';
import { axisOf, tagLabel, UNKNOWN, type AxisId } from '../../../core/axes/axes.ts';
import type { Coverage, CoverageCell } from '../../../core/axes/coverage.ts';
import { count, exact } from '../../text/format.ts';

export type Measure = keyof CoverageCell;

export interface CellAt {
  readonly row: string;
  readonly column: string;
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};
const ROW_HEAD = 'sticky left-0 z-10 max-w-[220px] bg-paper pr-2 text-left text-t0 font-[500] whitespace-nowrap text-ink2';
/** Whole classes, so that they are found where styles are made. */
const HEAT = ['heat-0', 'heat-1', 'heat-2', 'heat-3', 'heat-4'] as const;

/** The step of the scale: 0 for nothing, the others in equal ratios up to the largest. */
function heatOf(value: number, largest: number): number {
  if (value <= 0) return 0;
  return largest <= 1 ? 4 : Math.min(4, 1 + Math.floor((4 * Math.log(value)) / Math.log(largest)));
}

export function nameOf(axis: AxisId, tag: string): string {
  return tag === UNKNOWN ? UNKNOWN : tagLabel(axis, tag);
}

interface HeatMapProps {
  readonly coverage: Coverage;
  readonly rowAxis: AxisId;
  readonly columnAxis: AxisId;
  readonly measure: Measure;
  /** Tags without a task are left out of the languages only, of which there are many. */
  readonly shown: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  readonly chosen: CellAt | null;
  readonly onChoose: (cell: CellAt | null) => void;
}

function moveAmongCells(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const { row = '0', column = '0' } = event.currentTarget.dataset;
  const at = `[data-row="${Number(row) + step[0]}"][data-column="${Number(column) + step[1]}"]`;
  const next = event.currentTarget.closest('table')?.querySelector<HTMLButtonElement>(at);
  event.preventDefault();
  next?.focus();
}

export function HeatMap({ coverage, rowAxis, columnAxis, measure, shown, chosen, onChoose }: HeatMapProps) {
  const { rows, columns, cells, rowTotals, columnTotals, total } = coverage;
  const largest = Math.max(0, ...shown.rows.flatMap((r) => shown.columns.map((c) => cells[r]?.[c]?.[measure] ?? 0)));
  return (
    <div className="overflow-x-auto">
      <table
        aria-label={`${measure} by ${rowAxis} and ${columnAxis}`}
        lang="en"
        className="border-separate border-spacing-[2px] text-t1 tabular-nums"
      >
        <thead>
          <tr>
            <th scope="col" className="pr-2 pb-1 text-left align-bottom text-t0 font-[500] text-ink3">
              {axisOf(rowAxis).label} \ {axisOf(columnAxis).label}
            </th>
            {shown.columns.map((c) => (
              <th
                key={columns[c]}
                scope="col"
                className="w-[64px] min-w-[58px] px-0.5 pb-1 hyphens-auto align-bottom text-left text-t0 leading-tight font-[500] text-ink2"
              >
                {nameOf(columnAxis, columns[c] ?? '')}
              </th>
            ))}
            <th scope="col" className="px-2 pb-1 align-bottom text-right text-t0 font-[600] text-ink2">
              all
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.rows.map((r, i) => (
            <tr key={rows[r]}>
              <th scope="row" className={ROW_HEAD}>
                {nameOf(rowAxis, rows[r] ?? '')}
              </th>
              {shown.columns.map((c, j) => {
                const cell = cells[r]?.[c];
                const at = { row: rows[r] ?? '', column: columns[c] ?? '' };
                const isChosen = chosen?.row === at.row && chosen.column === at.column;
                return cell === undefined ? null : (
                  <td key={columns[c]} className="p-0">
                    <button
                      type="button"
                      data-row={i}
                      data-column={j}
                      tabIndex={i === 0 && j === 0 ? 0 : -1}
                      aria-pressed={isChosen}
                      aria-label={`${nameOf(rowAxis, at.row)}, ${nameOf(columnAxis, at.column)}: ${wordsOf(cell)}`}
                      title={`${nameOf(rowAxis, at.row)} · ${nameOf(columnAxis, at.column)}\n${wordsOf(cell)}`}
                      onClick={() => onChoose(isChosen ? null : at)}
                      onKeyDown={moveAmongCells}
                      className={
                        `${HEAT[heatOf(cell[measure], largest)] ?? HEAT[0]} h-6 w-full rounded-sm border px-1.5 text-right ` +
                        (isChosen ? 'border-ink outline-2 outline-ink' : 'border-line hover:border-ink')
                      }
                    >
                      <span className={cell[measure] === 0 ? 'text-ink3' : ''}>{count(cell[measure])}</span>
                    </button>
                  </td>
                );
              })}
              <td className="px-2 text-right font-[600]">{count(rowTotals[r]?.[measure] ?? 0)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row" className="pr-2 text-left text-t0 font-[600] text-ink2">
              all
            </th>
            {shown.columns.map((c) => (
              <td key={columns[c]} className="px-1.5 text-right font-[600]">
                {count(columnTotals[c]?.[measure] ?? 0)}
              </td>
            ))}
            <td className="px-2 text-right font-[600]">{count(total[measure])}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function wordsOf({ tasks, rollouts, tokens }: CoverageCell): string {
  return `${exact(tasks)} tasks, ${exact(rollouts)} rollouts, ${exact(tokens)} tokens with loss`;
}
