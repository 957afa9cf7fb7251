/** Parts of a set: a row a part, of two sets a row each; of more sets one picture a set. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { RowChart, type Row } from '../../plots/row-chart.tsx';
import { Button } from '../../widgets/controls.tsx';
import { exact } from '../../text/format.ts';
import { numberView, pressOf, setName, type PlotView } from './plot-view.ts';
import { shortNumber } from './rate-body.tsx';

/** Parts before a person asks for all; and in small pictures. */
const FIRST = 12;
const FIRST_OF_MANY = 6;
/** Width of a small picture, CSS pixels. */
const SMALL = 240;

export function SharesBody({ view, width }: { readonly view: PlotView; readonly width: number }) {
  const { plot, answer, whole } = view;
  const [isAll, setIsAll] = useState(false);
  const isMany = whole.sets.length > 2;
  const { cells, value } = answer;
  const largest = (cell: number): number =>
    Math.max(0, ...whole.sets.map((_, set) => value[set * cells.length + cell] ?? 0).filter((one) => Number.isFinite(one)));
  const known = [...cells.keys()].filter((cell) => whole.sets.some((_, set) => (answer.count[set * cells.length + cell] ?? 0) > 0));
  // Tools by how often they are called; bins as they come.
  const isNamed = plot.kind === 'shares' && cells.some(({ term }) => term?.includes(':') === true);
  const ordered = isNamed ? known.toSorted((a, b) => largest(b) - largest(a) || a - b) : known;
  const shown = isAll ? ordered : ordered.slice(0, isMany ? FIRST_OF_MANY : FIRST);
  const rowOf = (cell: number, set: number, name: string): Row => {
    const { about, ...numbers } = numberView(view, set, cell);
    const part = visible(cells[cell]?.label ?? '');
    return {
      key: `${cell} ${set}`,
      name,
      ...numbers,
      label: `${part}${whole.sets.length === 1 ? '' : `, ${setName(whole.sets[set] ?? EMPTY)}`}: ${about}`,
      set: isMany ? 0 : set,
      pressed: pressOf(view, set, cells[cell]?.term ?? null),
    };
  };
  // One axis for all.
  const most = shown.reduce((high, cell) => Math.max(high, largest(cell)), 0);
  const axisText = (one: number): string => shortNumber(plot.format, one);
  const nameOf = (cell: number): string => visible(cells[cell]?.label ?? '');
  return (
    <>
      {isMany ? (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(240px,1fr))] gap-3">
          {whole.sets.map((set, s) => (
            <RowChart
              key={s}
              label={`${plot.label}, ${setName(set)}`}
              heading={setName(set)}
              width={Math.min(width, SMALL)}
              rows={shown.map((cell) => ({ ...rowOf(cell, s, nameOf(cell)), change: '' }))}
              axisText={axisText}
              most={most}
            />
          ))}
        </div>
      ) : (
        <RowChart
          label={plot.label}
          width={width}
          rows={shown.flatMap((cell) => whole.sets.map((_, set) => rowOf(cell, set, set === 0 ? nameOf(cell) : '')))}
          axisText={axisText}
        />
      )}
      {ordered.length > shown.length && (
        <Button small look="quiet" onClick={() => setIsAll(true)}>
          Show {exact(ordered.length - shown.length)} more
        </Button>
      )}
    </>
  );
}

const EMPTY = { name: '', term: null, rollouts: 0, tasks: 0 };
