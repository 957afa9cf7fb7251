/** A mean and its interval on the scale of the log's rewards. The numbers stand beside it in words. */

export interface Scale {
  readonly low: number;
  readonly high: number;
}

const WIDTH = 72;
const HEIGHT = 12;
const EDGE = 4;

export function IntervalPlot({
  mean,
  low,
  high,
  scale,
}: {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly scale: Scale;
}) {
  const span = scale.high - scale.low || 1;
  const at = (value: number): number => EDGE + Math.min(1, Math.max(0, (value - scale.low) / span)) * (WIDTH - 2 * EDGE);
  const middle = HEIGHT / 2;
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} className="flex-none text-ink">
      <path d={`M${EDGE} ${middle}H${WIDTH - EDGE}`} stroke="var(--line2)" />
      {!Number.isNaN(low) && <path d={`M${at(low)} ${middle}H${at(high)}`} stroke="currentColor" strokeWidth="2" />}
      {/* An interval that reaches beyond the rewards there are ends in an arrow. */}
      {low < scale.low && <path d={`M${EDGE} ${middle - 3}L0 ${middle}L${EDGE} ${middle + 3}Z`} fill="currentColor" />}
      {high > scale.high && (
        <path d={`M${WIDTH - EDGE} ${middle - 3}L${WIDTH} ${middle}L${WIDTH - EDGE} ${middle + 3}Z`} fill="currentColor" />
      )}
      {!Number.isNaN(mean) && <circle cx={at(mean)} cy={middle} r="3.5" fill="currentColor" />}
    </svg>
  );
}
