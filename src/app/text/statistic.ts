/** The value of a statistic as people read it. */
import type { NodeStatistic } from '../../engine/statistics/statistic.ts';
import { decimal, exact, signed } from './format.ts';

type Shown = Pick<NodeStatistic, 'format' | 'unit'>;

/** "0.71 nats", "12 / 16", "unknown". @param of the task's trajectories */
export function figureText({ format, unit }: Shown, value: number, of: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return `${numberText(format, value)}${format === 'of' ? ` / ${exact(of)}` : ''}${unit === '' ? '' : ` ${unit}`}`;
}

/** The number alone. */
export function numberText(format: NodeStatistic['format'], value: number): string {
  if (format === 'count' || format === 'of') return exact(value);
  return format === 'signed' ? signed(value) : decimal(value);
}
