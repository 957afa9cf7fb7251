/**
 * Draws a plot on a canvas, for a PNG. The page's policy lets no picture in from a text, so the few shapes that plots are made of are
 * drawn one by one, as the page shows them.
 */

export const SCALE = 2;

/** @param left @param top where the plot begins, CSS pixels */
export function drawSvg(context: CanvasRenderingContext2D, svg: SVGSVGElement, left: number, top: number): void {
  for (const element of svg.querySelectorAll<SVGGeometryElement | SVGTextElement>('rect, line, path, circle, text')) {
    if (element.closest('defs') !== null) continue;
    const style = getComputedStyle(element);
    context.save();
    context.translate(left, top);
    // Of groups that are shifted.
    const shift = element
      .closest('g[transform]')
      ?.getAttribute('transform')
      ?.match(/translate\(0 (\d+)\)/)?.[1];
    if (shift !== undefined) context.translate(0, Number(shift));
    context.globalAlpha = Number(style.opacity);
    context.setLineDash(style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[\s,]+/).map(Number.parseFloat));
    context.lineWidth = Number.parseFloat(style.strokeWidth);
    if (style.stroke !== 'none') context.strokeStyle = style.stroke;
    const isHatched = style.fill.startsWith('url');
    if (!isHatched && style.fill !== 'none') context.fillStyle = style.fill;
    if (element instanceof SVGTextElement) drawText(context, element, style);
    else {
      const path = pathOf(element);
      if (isHatched) hatch(context, path, svg);
      else if (style.fill !== 'none') context.fill(path);
      if (style.stroke !== 'none') context.stroke(path);
    }
    context.restore();
  }
}

function drawText(context: CanvasRenderingContext2D, element: SVGTextElement, style: CSSStyleDeclaration): void {
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textAlign = style.textAnchor === 'end' ? 'right' : style.textAnchor === 'middle' ? 'center' : 'left';
  context.fillText(element.textContent, numberOf(element, 'x'), numberOf(element, 'y'));
}

function pathOf(element: SVGGeometryElement): Path2D {
  const of = (name: string): number => numberOf(element, name);
  if (element.tagName === 'path') return new Path2D(element.getAttribute('d') ?? '');
  const path = new Path2D();
  if (element.tagName === 'rect') path.rect(of('x'), of('y'), of('width'), of('height'));
  if (element.tagName === 'circle') path.arc(of('cx'), of('cy'), of('r'), 0, 2 * Math.PI);
  if (element.tagName === 'line') {
    path.moveTo(of('x1'), of('y1'));
    path.lineTo(of('x2'), of('y2'));
  }
  return path;
}

function numberOf(element: Element, name: string): number {
  return Number(element.getAttribute(name) ?? 0);
}

/** Stripes as those of the pattern of the plot. */
function hatch(context: CanvasRenderingContext2D, path: Path2D, svg: SVGSVGElement): void {
  const styles = getComputedStyle(svg);
  const { width, height } = svg.viewBox.baseVal;
  context.save();
  context.clip(path);
  context.fillStyle = styles.getPropertyValue('--card');
  context.fillRect(0, 0, width, height);
  context.strokeStyle = styles.getPropertyValue('--ink2');
  context.lineWidth = 2.5;
  const step = 5 * Math.SQRT2;
  context.beginPath();
  for (let at = -height; at < width; at += step) {
    context.moveTo(at, 0);
    context.lineTo(at + height, height);
  }
  context.stroke();
  context.restore();
}
