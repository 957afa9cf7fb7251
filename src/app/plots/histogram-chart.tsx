/** A histogram of one set, or of two beside each other as shares of each. */
import { BarButton, type Pressed } from './bar-button.tsx';
import { lookOf } from './looks.ts';
import { PlotSvg, PlotText } from './plot-svg.tsx';
import { linearScale } from './scale.ts';

export interface HistogramBar {
  readonly height: number;
  readonly label: string;
  readonly pressed: Pressed;
}

export interface HistogramProps {
  readonly label: string;
  readonly width: number;
  readonly height?: number;
  /** In words; one more than there are bins. */
  readonly edges: readonly string[];
  /** bin -> bar of each set */
  readonly bins: readonly (readonly HistogramBar[])[];
  readonly axisText: (value: number) => string;
  readonly unit: string;
  /** Marks on the axis, in bins from the left. */
  readonly marks: readonly { readonly at: number; readonly label: string; readonly set: number }[];
}

const LEFT = 40;
const TOP = 8;
const RIGHT = 16;
const BELOW = 36;

export function HistogramChart({ label, width, height = 168, edges, bins, axisText, unit, marks }: HistogramProps) {
  const bottom = height - BELOW;
  const most = Math.max(0, ...bins.flat().map((bar) => bar.height));
  const y = linearScale(0, most === 0 ? 1 : most, bottom, TOP, 3);
  const step = (width - LEFT - RIGHT) / Math.max(1, bins.length);
  // As many edge labels as have room.
  const every = Math.max(1, Math.ceil((Math.max(...edges.map((edge) => edge.length)) * 6.1 + 8) / step));
  return (
    <PlotSvg label={label} width={width} height={height}>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={width - RIGHT} y1={y.place(tick)} y2={y.place(tick)} stroke="var(--line)" />
          <PlotText x={LEFT - 6} y={y.place(tick) + 4} anchor="end">
            {axisText(tick)}
          </PlotText>
        </g>
      ))}
      {edges.map((edge, i) =>
        i % every === 0 ? (
          <PlotText key={i} x={LEFT + i * step} y={bottom + 18} anchor="middle">
            {edge}
          </PlotText>
        ) : null,
      )}
      <PlotText x={width - RIGHT} y={height - 4} anchor="end">
        {unit}
      </PlotText>
      {bins.map((bars, bin) =>
        bars.map((bar, set) => {
          const wide = (step - 2) / bars.length;
          const x = LEFT + bin * step + 1 + set * wide;
          return (
            <BarButton key={`${bin} ${set}`} label={bar.label} isFirst={bin === 0 && set === 0} pressed={bar.pressed}>
              <rect x={x} y={TOP} width={wide} height={bottom - TOP} fill="transparent" />
              <rect
                x={x + 0.5}
                y={y.place(bar.height)}
                width={Math.max(0.5, wide - 1)}
                height={bottom - y.place(bar.height)}
                {...lookOf(set, bar.pressed.isOn)}
              />
            </BarButton>
          );
        }),
      )}
      <line x1={LEFT} x2={width - RIGHT} y1={bottom} y2={bottom} stroke="var(--line2)" />
      {marks.map(({ at, label: name, set }) => (
        <g key={`${name} ${set}`} aria-hidden="true">
          <title>{name}</title>
          <path d={markAt(LEFT + at * step, bottom)} fill={set % 2 === 0 ? 'var(--ink)' : 'var(--card)'} stroke="var(--ink)" />
        </g>
      ))}
    </PlotSvg>
  );
}

function markAt(x: number, y: number): string {
  return `M${x} ${y}l3.5 6h-7z`;
}
