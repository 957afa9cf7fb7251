/** A canvas that covers its parent, with its context; several lie over each other. */

export interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

/** @param part names it for tests, as `data-part` */
export function makeLayer(root: HTMLElement, part: string): Layer {
  const canvas = document.createElement('canvas');
  canvas.dataset['part'] = part;
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;display:block;pointer-events:none';
  root.append(canvas);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('expected a 2d canvas context, found none');
  return { canvas, context };
}

/** `width` and `height` in CSS pixels, `scale` in device pixels per CSS pixel; what was drawn is gone. */
export function sizeLayer({ canvas }: Layer, width: number, height: number, scale: number): void {
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
}

/** Empties the layer and sets its unit to CSS pixels. */
export function clearLayer({ canvas, context }: Layer, scale: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
}
