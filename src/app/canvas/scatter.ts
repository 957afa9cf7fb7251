/** A scatter of two columns in nats on one scale, with the line where both are equal. */
import type { Agreement } from '../../core/score/agreement.ts';
import type { Theme } from './theme.ts';

const MARGIN = { left: 34, right: 8, top: 18, bottom: 32 } as const;
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** The end of an axis that holds all values, and the step of its ticks. */
export function axisFor(columns: readonly Float32Array[]): { readonly end: number; readonly step: number } {
  let most = 0;
  for (const column of columns) for (const value of column) if (value > most) most = value;
  const step = STEPS.find((size) => most / size <= 5) ?? most;
  return { end: Math.max(step, Math.ceil(most / step) * step), step };
}

export function drawScatter(
  context: CanvasRenderingContext2D,
  theme: Theme,
  { logged, model, of }: Agreement,
  width: number,
  height: number,
): void {
  const across = axisFor([logged]);
  const up = axisFor([model]);
  const left = MARGIN.left;
  const right = width - MARGIN.right;
  const top = MARGIN.top;
  const bottom = height - MARGIN.bottom;
  const x = (value: number): number => left + ((right - left) * value) / across.end;
  const y = (value: number): number => bottom - ((bottom - top) * value) / up.end;
  context.clearRect(0, 0, width, height);
  context.font = `11px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.css.line;
  context.fillStyle = theme.css.ink2;
  const line = (x0: number, y0: number, x1: number, y1: number): void => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  const digits = (step: number): number => (step >= 1 ? 0 : step >= 0.1 ? 1 : 2);
  context.textAlign = 'right';
  for (let value = 0; value <= up.end + 1e-9; value += up.step) {
    line(left, y(value), right, y(value));
    context.fillText(value.toFixed(digits(up.step)), left - 6, y(value) + 4);
  }
  context.textAlign = 'center';
  for (let value = 0; value <= across.end + 1e-9; value += across.step) {
    line(x(value), top, x(value), bottom);
    context.fillText(value.toFixed(digits(across.step)), Math.min(x(value), right - 4), bottom + 14);
  }
  context.textAlign = 'left';
  context.fillText(`model ${of}, nats`, 0, 10);
  context.textAlign = 'right';
  context.fillText(`logged ${of}, nats`, right, height - 4);
  context.strokeStyle = theme.css.ink3;
  context.setLineDash([4, 3]);
  const equal = Math.min(across.end, up.end);
  line(x(0), y(0), x(equal), y(equal));
  context.setLineDash([]);
  context.fillStyle = theme.css.ink2;
  context.globalAlpha = logged.length > 400 ? 0.35 : 0.6;
  for (let i = 0; i < logged.length; i++) {
    context.beginPath();
    context.arc(x(logged[i]!), y(model[i]!), 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
