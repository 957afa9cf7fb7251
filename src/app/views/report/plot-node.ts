/** Plots as plain data: only elements that draw and attributes that say how, so that nothing else of the page comes along. */
import type { PlotNode } from './report.ts';

export const PLOT_ELEMENTS: ReadonlySet<string> = new Set(
  'svg g defs pattern rect line path circle polyline polygon text tspan'.split(' '),
);
export const PLOT_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'viewBox width height x y x1 x2 y1 y2 cx cy r d points transform id patternUnits patternTransform fill stroke stroke-width ' +
    'stroke-dasharray stroke-linecap stroke-linejoin opacity fill-opacity stroke-opacity text-anchor font-size font-weight'
  ).split(' '),
);

/** @param svg a plot as `PlotSvg` draws it. @param id for its hatching, unlike that of any other plot of the report */
export function plotNode(svg: Element, id: string): PlotNode {
  const attributes: Record<string, string> = {};
  for (const { name, value } of svg.attributes)
    if (PLOT_ATTRIBUTES.has(name)) attributes[name] = name === 'id' ? id : value.replaceAll('var(--hatch)', `url(#${id})`);
  const children = Array.from(svg.childNodes).flatMap((child): (PlotNode | string)[] => {
    if (child instanceof Element) return PLOT_ELEMENTS.has(child.tagName) ? [plotNode(child, id)] : [];
    return child.nodeType === Node.TEXT_NODE ? [child.textContent ?? ''] : [];
  });
  return { name: svg.tagName, attributes, children };
}
