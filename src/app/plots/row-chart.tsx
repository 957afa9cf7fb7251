/** One number a row, as a bar with its interval, with the number and what it is against the base beside it. */
import { BarButton, type Pressed } from './bar-button.tsx';
import { lookOf } from './looks.ts';
import { PlotSvg, PlotText, shortened } from './plot-svg.tsx';
import { linearScale } from './scale.ts';

export interface Row {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  /** NaN: none. */
  readonly low: number;
  readonly high: number;
  readonly number: string;
  /** Against the base; empty: nothing to say. */
  readonly change: string;
  readonly label: string;
  /** Its place among sets that are told apart by pattern. */
  readonly set: number;
  readonly pressed: Pressed;
}

const ROW = 22;
const AXIS = 22;

export function RowChart({
  label,
  width,
  rows,
  axisText,
  heading,
  most = 0,
}: {
  readonly label: string;
  readonly width: number;
  readonly rows: readonly Row[];
  readonly axisText: (value: number) => string;
  readonly heading?: string;
  /** At least so far goes the axis, so that several charts have one. */
  readonly most?: number;
}) {
  const names = Math.min(width * 0.34, 12 + 6.1 * Math.max(0, ...rows.map(({ name }) => Array.from(name).length)));
  const numbers = 10 + 6.3 * Math.max(0, ...rows.map(({ number }) => number.length));
  const changes = rows.some(({ change }) => change !== '') ? 12 + 6 * Math.max(...rows.map(({ change }) => change.length)) : 0;
  // Where there is no room for both, what is against the base is told by the label and the table.
  const hasChanges = changes > 0 && width - names - numbers - changes > 90;
  const right = width - numbers - (hasChanges ? changes : 0);
  const ends = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => Number.isFinite(value));
  const least = Math.min(0, ...ends);
  const end = Math.max(most, ...ends);
  const x = linearScale(least, end === least ? 1 : end, names, right - 8, Math.max(2, Math.floor((right - names) / 60)));
  const height = rows.length * ROW + AXIS;
  return (
    <PlotSvg label={label} width={width} height={height} heading={heading}>
      {x.ticks.map((tick) => (
        <g key={tick}>
          <line x1={x.place(tick)} x2={x.place(tick)} y1={0} y2={height - AXIS} stroke="var(--line)" />
          <PlotText x={x.place(tick)} y={height - 7} anchor="middle">
            {axisText(tick)}
          </PlotText>
        </g>
      ))}
      {rows.map((row, i) => {
        const y = i * ROW;
        const [from, to] = [x.place(Math.min(0, row.value)), x.place(Math.max(0, row.value))];
        return (
          <BarButton key={row.key} label={row.label} isFirst={i === 0} pressed={row.pressed}>
            <rect x={0} y={y} width={width} height={ROW} fill="transparent" />
            <PlotText x={names - 8} y={y + 15} anchor="end" look="name">
              {shortened(row.name, names - 8)}
            </PlotText>
            {Number.isFinite(row.value) && (
              <rect x={from} y={y + 4} width={Math.max(1, to - from)} height={ROW - 8} {...lookOf(row.set, row.pressed.isOn)} />
            )}
            {Number.isFinite(row.low) && (
              <path
                d={`M${x.place(row.low)} ${y + 7}v8m0 -4H${x.place(row.high)}m0 -4v8`}
                fill="none"
                stroke="var(--ink)"
                strokeWidth={1.5}
              />
            )}
            <PlotText x={right + numbers - 8} y={y + 15} anchor="end" look="number">
              {row.number}
            </PlotText>
            {hasChanges && (
              <PlotText x={width - 2} y={y + 15} anchor="end" look="quiet">
                {row.change}
              </PlotText>
            )}
          </BarButton>
        );
      })}
    </PlotSvg>
  );
}
