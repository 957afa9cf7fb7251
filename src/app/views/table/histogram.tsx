/** The spread of a column over its name: a brush, by pointer or keys, writes a range into the filter. */
import { useId, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Histogram as Bins } from '../../../core/rollouts/histogram.ts';
import type { Range } from '../../../core/filter/range.ts';
import { exact, plural } from '../../text/format.ts';
import { numberText } from './cell.ts';

export const HEIGHT = 22;
/** A bin with few rollouts beside one with many is still seen. */
const LEAST = 2;

interface Span {
  readonly from: number;
  readonly to: number;
}

export function Histogram({
  label,
  unit,
  bins,
  width,
  hasRange,
  onRange,
}: {
  readonly label: string;
  readonly unit: string | null;
  readonly bins: Bins;
  readonly width: number;
  /** The filter has a range of this column. */
  readonly hasRange: boolean;
  /** Null: without any. */
  readonly onRange: (range: Range | null) => void;
}) {
  const help = useId();
  const [span, setSpan] = useState<Span | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const count = bins.all.length;
  const step = width / count;
  const most = bins.all.reduce((high, value) => Math.max(high, value), 1);
  const heightOf = (value: number): number => (value === 0 ? 0 : Math.max(LEAST, (value / most) * HEIGHT));
  const apply = ({ from, to }: Span): void => {
    const isLast = to === count - 1;
    onRange({ from: bins.edges[from] ?? 0, to: isLast ? bins.most : (bins.edges[to + 1] ?? 0), isOpen: !isLast });
    setSpan(null);
  };
  const binAt = (event: PointerEvent<SVGSVGElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(count - 1, Math.floor((event.clientX - left) / step)));
  };
  const press = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (move !== 0) {
      const end = Math.max(0, Math.min(count - 1, (span?.to ?? (move > 0 ? -1 : count)) + move));
      setSpan({ from: event.shiftKey && span ? Math.min(span.from, end) : end, to: end });
    } else if (event.key === 'Enter' && span) apply(span);
    else if (event.key === 'Delete' || event.key === 'Backspace') onRange(null);
    else if (event.key === 'Escape' && span) setSpan(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words = span ? spanWords(bins, span, unit) : `${numberText(bins.least, unit).shown} to ${numberText(bins.most, unit).shown}`;
  const how = hasRange ? 'Drag to filter, double-click for all.' : 'Drag to filter.';
  const title = `${label}: ${words}; ${plural(bins.unknown, 'rollout')} unknown. ${how}`;
  return (
    <>
      <input
        type="range"
        aria-label={`Filter by ${label}`}
        aria-describedby={help}
        aria-valuetext={words}
        min={0}
        max={count - 1}
        value={span?.to ?? 0}
        onChange={(event) => setSpan({ from: event.target.valueAsNumber, to: event.target.valueAsNumber })}
        onKeyDown={press}
        className="peer sr-only"
      />
      <svg
        aria-hidden="true"
        width={width}
        height={HEIGHT + 1}
        className="block cursor-crosshair touch-none overflow-visible peer-focus-visible:outline-2 peer-focus-visible:outline-focus"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const bin = binAt(event);
          setAnchor(bin);
          setSpan({ from: bin, to: bin });
        }}
        onPointerMove={(event) => {
          const bin = binAt(event);
          if (anchor !== null) setSpan({ from: Math.min(anchor, bin), to: Math.max(anchor, bin) });
        }}
        onPointerUp={() => {
          if (anchor !== null && span) apply(span);
          setAnchor(null);
        }}
        onPointerCancel={() => {
          setAnchor(null);
          setSpan(null);
        }}
        onDoubleClick={() => onRange(null)}
      >
        <title>{title}</title>
        {span && (
          <rect
            x={span.from * step}
            width={(span.to - span.from + 1) * step}
            y={-2}
            height={HEIGHT + 3}
            className="fill-sunk stroke-focus"
          />
        )}
        {Array.from(bins.all, (value, bin) => (
          <g key={bin}>
            <Bar x={bin * step} width={step} height={heightOf(value)} className="fill-line2" />
            <Bar x={bin * step} width={step} height={heightOf(bins.matching[bin] ?? 0)} className="fill-focus opacity-75" />
          </g>
        ))}
        <line x1={0} x2={width} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="stroke-line2" />
      </svg>
      <span id={help} className="sr-only">
        Arrow keys choose bins, with Shift several; Enter filters by them, Delete takes the range away.
      </span>
    </>
  );
}

function Bar({
  x,
  width,
  height,
  className,
}: {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly className: string;
}) {
  return height === 0 ? null : <rect x={x} y={HEIGHT - height} width={Math.max(1, width - 1)} height={height} className={className} />;
}

function spanWords({ edges, matching, all, most }: Bins, { from, to }: Span, unit: string | null): string {
  const sum = (column: Int32Array): number => column.subarray(from, to + 1).reduce((total, value) => total + value, 0);
  const isLast = to === all.length - 1;
  const end = numberText(isLast ? most : (edges[to + 1] ?? 0), unit).shown;
  const span = `${numberText(edges[from] ?? 0, unit).shown} ${isLast ? 'to' : 'to below'} ${end}`;
  return `${span}, ${exact(sum(matching))} of ${plural(sum(all), 'rollout')}`;
}
