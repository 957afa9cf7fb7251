/** Both errors of early stopping along the share of tokens that is saved, with a mark at the threshold in force. */
import type { PointerEvent } from 'react';
import type { TruthsAnswer } from '../../../engine/answers/truths.ts';
import { PlotSvg, PlotText } from '../../plots/plot-svg.tsx';
import { linearScale } from '../../plots/scale.ts';

interface StopChartProps {
  readonly answer: TruthsAnswer;
  /** The point in force. */
  readonly at: number;
  readonly width: number;
  readonly onPoint: (point: number) => void;
}

const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BELOW = 36;
const HEIGHT = 190;

const LINES = [
  { name: 'false stops, of successes', column: 'falseStops', of: 'successes', dash: undefined },
  { name: 'missed, of failures', column: 'missed', of: 'failures', dash: '5 4' },
] as const;

export function StopChart({ answer, at, width, onPoint }: StopChartProps) {
  const { curve, judged } = answer;
  const bottom = HEIGHT - BELOW;
  const savedAt = (point: number): number => (judged.sampled > 0 ? (curve.saved[point] ?? 0) / judged.sampled : 0);
  const most = curve.saved.reduce((least, _, point) => Math.max(least, savedAt(point)), 0.01);
  const x = linearScale(0, most, LEFT, width - RIGHT, Math.max(2, Math.floor(width / 110)));
  const y = linearScale(0, 1, bottom, TOP, 4);
  const lines = LINES.filter(({ of }) => judged[of] > 0);
  const path = ({ column, of }: (typeof LINES)[number]): string =>
    Array.from(
      curve.thresholds,
      (_, point) => `${point === 0 ? 'M' : 'L'}${x.place(savedAt(point))} ${y.place((curve[column][point] ?? 0) / judged[of])}`,
    ).join('');
  const nearest = (event: PointerEvent<SVGRectElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width) * most;
    let best = 0;
    for (let point = 1; point < curve.saved.length; point++)
      if (Math.abs(savedAt(point) - share) < Math.abs(savedAt(best) - share)) best = point;
    onPoint(best);
  };
  const mark = x.place(savedAt(at));
  return (
    <PlotSvg label="False stops and missed failures by sampled tokens saved" width={width} height={HEIGHT}>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={width - RIGHT} y1={y.place(tick)} y2={y.place(tick)} stroke="var(--line)" />
          <PlotText x={LEFT - 6} y={y.place(tick) + 4} anchor="end">
            {`${Math.round(tick * 100)} %`}
          </PlotText>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <PlotText key={tick} x={x.place(tick)} y={bottom + 14} anchor="middle">
          {`${Number((tick * 100).toFixed(1))} %`}
        </PlotText>
      ))}
      <PlotText x={width - RIGHT} y={HEIGHT - 4} anchor="end">
        sampled tokens saved
      </PlotText>
      {lines.map((line) => (
        <path
          key={line.name}
          d={path(line)}
          fill="none"
          stroke="var(--ink)"
          strokeWidth={1.8}
          strokeLinejoin="round"
          strokeDasharray={line.dash}
        />
      ))}
      <line x1={mark} x2={mark} y1={TOP} y2={bottom} stroke="var(--focus)" strokeWidth={1.5} />
      {lines.map(({ name, column, of }) => (
        <circle
          key={name}
          cx={mark}
          cy={y.place((curve[column][at] ?? 0) / judged[of])}
          r={4}
          fill="var(--card)"
          stroke="var(--focus)"
          strokeWidth={2}
        />
      ))}
      <line x1={LEFT} x2={width - RIGHT} y1={bottom} y2={bottom} stroke="var(--line2)" />
      {lines.map(({ name, dash }, place) => (
        <g key={name} transform={`translate(${LEFT + place * 180} ${HEIGHT - 8})`}>
          <line x1={0} x2={22} y1={0} y2={0} stroke="var(--ink)" strokeWidth={1.8} strokeDasharray={dash} />
          <PlotText x={28} y={4} look="quiet">
            {name}
          </PlotText>
        </g>
      ))}
      <rect x={LEFT} y={TOP} width={width - RIGHT - LEFT} height={bottom - TOP} fill="transparent" onPointerDown={nearest} />
    </PlotSvg>
  );
}
