/** What is drawn on the screen, taken along: canvases as PNG, plots as the data they are drawn from, colours by name. */
import { COLOUR_NAMES } from './report-style.ts';
import { plotNode } from './plot-node.ts';
import type { Colours, ReportPicture, ReportPlot, ReportTable } from './report.ts';

/** Where the middle view and the curve of the budget are on the page. */
export const PICTURED = { view: 'view', curve: 'curve' } as const;

/** Null where it is not on the screen. */
export function pictured(what: keyof typeof PICTURED): HTMLElement | null {
  const found = document.querySelector<HTMLElement>(`[data-pictured="${PICTURED[what]}"]`);
  return found !== null && found.clientWidth > 0 && found.clientHeight > 0 ? found : null;
}

const canvasesIn = (host: HTMLElement): HTMLCanvasElement[] =>
  Array.from(host.querySelectorAll('canvas')).filter(({ width, height, clientWidth }) => width > 0 && height > 0 && clientWidth > 0);

export function hasCanvas(host: HTMLElement): boolean {
  return canvasesIn(host).length > 0;
}

/** The canvases of an element as one picture, as they lie over each other, on the ground of a card. */
export async function pictureOf(host: HTMLElement, caption: string, alt: string): Promise<ReportPicture> {
  const ground = host.getBoundingClientRect();
  const canvases = canvasesIn(host);
  const scale = Math.max(1, ...canvases.map((canvas) => canvas.width / canvas.clientWidth));
  const sheet = document.createElement('canvas');
  sheet.width = Math.round(ground.width * scale);
  sheet.height = Math.round(ground.height * scale);
  const context = sheet.getContext('2d');
  if (!context) throw new Error('this browser has no canvas to draw on');
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(host).getPropertyValue('--card');
  context.fillRect(0, 0, ground.width, ground.height);
  for (const canvas of canvases) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    context.drawImage(canvas, left - ground.left, top - ground.top, width, height);
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    sheet.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('this browser cannot make a PNG of this size');
  return { caption, alt, source: await addressOf(blob), width: ground.width, height: ground.height };
}

function addressOf(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => failed(reader.error ?? new Error('the picture could not be read')));
    reader.readAsDataURL(blob);
  });
}

/** The plots below an element, by their figures. */
export function plotsOf(host: HTMLElement): readonly ReportPlot[] {
  let drawn = 0;
  return Array.from(host.querySelectorAll('figure')).flatMap((figure): ReportPlot[] => {
    const pictures = Array.from(figure.querySelectorAll('svg.plot'), (svg) => ({
      alt: svg.getAttribute('aria-label') ?? '',
      plot: plotNode(svg, `hatch-${++drawn}`),
    }));
    if (pictures.length === 0) return [];
    return [{ caption: figure.getAttribute('aria-label') ?? 'Plot', about: figure.querySelector('p')?.textContent ?? '', pictures }];
  });
}

/** What tells the sets of plots apart, in words; empty: there are not two, which are told apart by pattern. */
export function setsText(host: HTMLElement): string {
  const names = new Map(Array.from(host.querySelectorAll<HTMLElement>('[data-set]'), (key) => [Number(key.dataset['set']), textOf(key)]));
  if (names.size !== 2) return '';
  return `Bars in plots: ${Array.from(names, ([set, name]) => `${name} ${set % 2 === 0 ? 'plain' : 'hatched'}`).join(', ')}.`;
}

/** The tables of an element that hold all of their rows, as they are read. */
export function tablesOf(host: HTMLElement): readonly ReportTable[] {
  return Array.from(host.querySelectorAll('table'))
    .filter((table) => !table.hasAttribute('aria-rowcount') && table.tHead !== null && table.closest('.markdown') === null)
    .map((table) => ({
      caption: textOf(table.caption) || (table.getAttribute('aria-label') ?? 'Table'),
      columns: Array.from(table.tHead?.rows[0]?.cells ?? [], (cell) => ({ label: textOf(cell), isNumber: false })),
      rows: Array.from(table.tBodies).flatMap(({ rows }) => Array.from(rows, ({ cells }) => Array.from(cells, textOf))),
      rest: '',
    }));
}

/** Its words, with commas where elements stand beside each other: a number and its interval must not run together. */
function textOf(element: Element | null): string {
  let text = '';
  let isElement = false;
  for (const child of element?.childNodes ?? []) {
    const own = child instanceof Element ? textOf(child) : (child.textContent ?? '');
    if (own.trim() === '') continue;
    text += text !== '' && (isElement || child instanceof Element) ? `, ${own}` : own;
    isElement = child instanceof Element;
  }
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The page's colours in both of its themes. */
export function themeColours(): { readonly light: Colours; readonly dark: Colours } {
  const probe = document.createElement('div');
  probe.hidden = true;
  document.body.append(probe);
  const of = (theme: 'light' | 'dark'): Colours => {
    probe.dataset['theme'] = theme;
    const style = getComputedStyle(probe);
    return Object.fromEntries(COLOUR_NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  };
  const colours = { light: of('light'), dark: of('dark') };
  probe.remove();
  return colours;
}
