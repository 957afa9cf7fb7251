/** Text on a box of which a part is pale: each letter in the ink that reads on what is below it. */
import type { Swatch } from './swatches.ts';

/** A text that may run from the fill into its pale part, which begins at `pale`: each part in the ink that reads on it. */
export function writeOver(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  swatch: Pick<Swatch, 'text' | 'paleText'>,
  text: string,
  x: number,
  y: number,
  pale: number,
): void {
  const write = (ink: string, from: number, to: number): void => {
    context.save();
    context.beginPath();
    context.rect(from, y - 14, to - from, 20);
    context.clip();
    context.fillStyle = ink;
    context.fillText(text, x, y);
    context.restore();
  };
  const end = x + context.measureText(text).width + 1;
  if (pale > x) write(swatch.text, x - 1, Math.min(pale, end));
  if (pale < end) write(swatch.paleText, Math.max(pale, x - 1), end);
}
