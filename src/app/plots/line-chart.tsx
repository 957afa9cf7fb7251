/** Means along an axis of steps, as lines with bands. */
import { BarButton, type Pressed } from './bar-button.tsx';
import { PlotSvg, PlotText } from './plot-svg.tsx';
import { linearScale } from './scale.ts';

export interface LinePoint {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly label: string;
  readonly pressed: Pressed;
}

export interface Line {
  readonly name: string;
  /** Dashed, with an open mark; else solid. */
  readonly isDashed: boolean;
  /** One a step; NaN: no mean there. */
  readonly points: readonly LinePoint[];
}

const LEFT = 40;
const TOP = 8;
const BELOW = 34;

export function LineChart({
  label,
  width,
  height = 168,
  steps,
  lines,
  most,
  axisText,
  unit,
  heading,
}: {
  readonly label: string;
  readonly width: number;
  readonly height?: number;
  /** Their names, from the left. */
  readonly steps: readonly string[];
  readonly lines: readonly Line[];
  /** Of the upright axis, so that several charts have one. */
  readonly most: number;
  readonly axisText: (value: number) => string;
  readonly unit: string;
  readonly heading?: string;
}) {
  const bottom = height - BELOW;
  const y = linearScale(0, most > 0 ? most : 1, bottom, TOP, 3);
  const step = (width - LEFT - 12) / Math.max(1, steps.length);
  const x = (i: number): number => LEFT + (i + 0.5) * step;
  const every = Math.max(1, Math.ceil((Math.max(0, ...steps.map((name) => name.length)) * 6.1 + 8) / step));
  return (
    <PlotSvg label={label} width={width} height={height} heading={heading}>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={width - 8} y1={y.place(tick)} y2={y.place(tick)} stroke="var(--line)" />
          <PlotText x={LEFT - 6} y={y.place(tick) + 4} anchor="end">
            {axisText(tick)}
          </PlotText>
        </g>
      ))}
      {steps.map((name, i) =>
        i % every === 0 ? (
          <PlotText key={name} x={x(i)} y={bottom + 14} anchor="middle">
            {name}
          </PlotText>
        ) : null,
      )}
      <PlotText x={width - 8} y={height - 4} anchor="end">
        {unit}
      </PlotText>
      {lines.map(({ name, points }) => (
        <path key={name} d={bandPath(points, x, y.place)} fill="var(--ink)" opacity={0.12} />
      ))}
      {lines.map(({ name, isDashed, points }) => (
        <path
          key={name}
          d={linePath(points, x, y.place)}
          fill="none"
          stroke="var(--ink)"
          strokeWidth={1.8}
          strokeLinejoin="round"
          strokeDasharray={isDashed ? '5 4' : undefined}
        />
      ))}
      {lines.map(({ name, isDashed, points }, line) =>
        points.map((point, i) =>
          Number.isFinite(point.value) ? (
            <BarButton key={`${name} ${i}`} label={point.label} isFirst={line === 0 && i === first(points)} pressed={point.pressed}>
              <rect x={x(i) - step / 2} y={TOP} width={step} height={bottom - TOP} fill="transparent" />
              <circle
                cx={x(i)}
                cy={y.place(point.value)}
                r={point.pressed.isOn ? 5 : 3}
                fill={isDashed ? 'var(--card)' : 'var(--ink)'}
                stroke={point.pressed.isOn ? 'var(--focus)' : 'var(--ink)'}
                strokeWidth={point.pressed.isOn ? 2.5 : 1.2}
              />
            </BarButton>
          ) : null,
        ),
      )}
      <line x1={LEFT} x2={width - 8} y1={bottom} y2={bottom} stroke="var(--line2)" />
    </PlotSvg>
  );
}

function first(points: readonly LinePoint[]): number {
  return points.findIndex(({ value }) => Number.isFinite(value));
}

/** Broken where there is no mean. */
function linePath(points: readonly LinePoint[], x: (i: number) => number, y: (value: number) => number): string {
  let path = '';
  let isDown = false;
  for (const [i, { value }] of points.entries()) {
    const isKnown = Number.isFinite(value);
    if (isKnown) path += `${isDown ? 'L' : 'M'}${x(i)} ${y(value)}`;
    isDown = isKnown;
  }
  return path;
}

/** One outline for each run of steps that have an interval. */
function bandPath(points: readonly LinePoint[], x: (i: number) => number, y: (value: number) => number): string {
  let path = '';
  for (let from = 0; from < points.length; from++) {
    let to = from;
    while (to < points.length && Number.isFinite(points[to]?.low)) to++;
    if (to - from > 1) {
      const run = points.slice(from, to);
      const above = run.map(({ high }, i) => `${x(from + i)} ${y(high)}`);
      const below = run.map(({ low }, i) => `${x(from + i)} ${y(low)}`).toReversed();
      path += `M${[...above, ...below].join('L')}Z`;
    }
    from = Math.max(from, to);
  }
  return path;
}
