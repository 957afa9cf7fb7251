/** A plot with its name, what it counts, its picture or table, and its files. */
import { useCallback, useRef, useState } from 'react';
import { statisticsCsv } from '../../../engine/plots/rows.ts';
import { download } from '../../../platform/browser/save.ts';
import { savePng, saveSvg } from '../../plots/download.ts';
import { useChoices } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';
import { PlotTable } from './plot-table.tsx';
import type { PlotView } from './plot-view.ts';
import { RateBody } from './rate-body.tsx';
import { SeriesBody } from './series-body.tsx';
import { SharesBody } from './shares-body.tsx';
import { SpreadBody } from './spread-body.tsx';

const BODIES = { spread: SpreadBody, rate: RateBody, shares: SharesBody, series: SeriesBody } as const;

export function PlotCard({ view }: { readonly view: PlotView }) {
  const { plot, answer, whole } = view;
  const [width, setWidth] = useState(320);
  const [isTable, setIsTable] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const measure = useCallback((element: HTMLDivElement | null) => {
    picture.current = element;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // Small pictures of many sets side by side.
  const wide = whole.sets.length > 2 && (plot.kind === 'shares' || plot.kind === 'series') ? '[column-span:all]' : '';
  const Body = BODIES[plot.kind];
  const unit = plot.unit === null || plot.unit === plot.label.toLowerCase() ? '' : plot.unit;
  const title = `${plot.label}${unit === '' ? '' : `, ${unit}`}`;
  const files = `statistics-${plot.id}`;
  const png = (): void => {
    if (picture.current === null) return;
    savePng(picture.current, title, files).catch((error: unknown) =>
      useChoices.getState().set({ notice: `No PNG was made: ${error instanceof Error ? error.message : String(error)}` }),
    );
  };
  return (
    <figure
      aria-label={plot.label}
      className={`m-0 mb-3 flex min-w-0 break-inside-avoid flex-col gap-1.5 rounded border border-line bg-card p-3 ${wide}`}
    >
      <figcaption className="flex min-w-0 items-baseline gap-2">
        <span className="min-w-0 flex-1">
          <span className="text-t2 font-[600]">{plot.label}</span>
          {unit !== '' && <span className="ml-1.5 text-t0 text-ink2">{unit}</span>}
        </span>
        <span className="flex flex-none">
          <Button small look="quiet" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
            {isTable ? 'Plot' : 'Table'}
          </Button>
          <Button
            small
            look="quiet"
            title="The picture as SVG"
            disabled={isTable}
            onClick={() => {
              if (picture.current !== null) saveSvg(picture.current, title, files);
            }}
          >
            SVG
          </Button>
          <Button small look="quiet" title="The picture as PNG, at twice the size" disabled={isTable} onClick={png}>
            PNG
          </Button>
          <Button
            small
            look="quiet"
            title="The exact numbers as CSV"
            onClick={() => download({ name: `${files}.csv`, blob: new Blob([statisticsCsv([answer], whole)], { type: 'text/csv' }) })}
          >
            CSV
          </Button>
        </span>
      </figcaption>
      <p className="m-0 text-t0 text-ink2">{plot.help}</p>
      <div ref={measure} className="min-w-0">
        {isTable ? <PlotTable view={view} /> : <Body view={view} width={width} />}
      </div>
    </figure>
  );
}
