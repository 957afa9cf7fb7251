/** Saves drawn plots: as SVG that needs nothing else, and as PNG at twice the size. */
import { download } from '../../platform/browser/save.ts';
import { drawSvg, SCALE } from './png.ts';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const MARGIN = 12;
const TITLE = 22;

/** The pictures below an element, where they stand in it, CSS pixels. */
interface Placed {
  readonly svg: SVGSVGElement;
  readonly left: number;
  readonly top: number;
}

interface Sheet {
  readonly placed: readonly Placed[];
  readonly width: number;
  readonly height: number;
}

function sheetOf(element: HTMLElement): Sheet {
  const ground = element.getBoundingClientRect();
  const placed = [...element.querySelectorAll<SVGSVGElement>('svg.plot')].map((svg) => {
    const box = svg.getBoundingClientRect();
    return { svg, left: MARGIN + box.left - ground.left, top: MARGIN + TITLE + box.top - ground.top };
  });
  const width = placed.reduce((most, { svg, left }) => Math.max(most, left + svg.viewBox.baseVal.width), 0);
  const height = placed.reduce((most, { svg, top }) => Math.max(most, top + svg.viewBox.baseVal.height), 0);
  return { placed, width: Math.ceil(width + MARGIN), height: Math.ceil(height + MARGIN) };
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Attributes in which a plot names a colour or a pattern of the page, and those that mean something on the page only. */
const PAINTS = ['fill', 'stroke'];
const OF_PAGE = ['style', 'class', 'tabindex', 'role', 'aria-pressed', 'aria-label', 'aria-hidden', 'data-bar'];

/** A copy with its colours spelled out and its font named. */
function plainCopy(svg: SVGSVGElement): Node {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new Error('expected an SVG element');
  const styles = getComputedStyle(svg);
  const pattern = copy.querySelector('pattern')?.id ?? '';
  const valueOf = (name: string): string => (name === '--hatch' ? `url(#${pattern})` : styles.getPropertyValue(name).trim());
  for (const part of [copy, ...copy.querySelectorAll('*')]) {
    for (const paint of PAINTS) {
      const value = part.getAttribute(paint);
      if (value?.includes('var(') === true)
        part.setAttribute(
          paint,
          value.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => valueOf(name)),
        );
    }
    if (part.tagName === 'text') part.setAttribute('font-family', valueOf('--font'));
    for (const name of OF_PAGE) part.removeAttribute(name);
  }
  return copy;
}

export function saveSvg(from: HTMLElement, title: string, name: string): void {
  const { placed, width, height } = sheetOf(from);
  const styles = getComputedStyle(from);
  const sheet = element('svg', { xmlns: NAMESPACE, viewBox: `0 0 ${width} ${height}`, width, height });
  const font = styles.getPropertyValue('--font').trim();
  const look = { 'font-size': 13, 'font-weight': 600, 'font-family': font, fill: styles.getPropertyValue('--ink').trim() };
  const heading = element('text', { x: MARGIN, y: MARGIN + 10, ...look });
  heading.textContent = title;
  sheet.append(element('rect', { width, height, fill: styles.getPropertyValue('--card').trim() }), heading);
  for (const { svg, left, top } of placed) {
    const group = element('g', { transform: `translate(${left} ${top})` });
    group.append(plainCopy(svg));
    sheet.append(group);
  }
  download({ name: `${name}.svg`, blob: new Blob([new XMLSerializer().serializeToString(sheet)], { type: 'image/svg+xml' }) });
}

/** Rejects where the browser cannot draw it. */
export async function savePng(from: HTMLElement, title: string, name: string): Promise<void> {
  const { placed, width, height } = sheetOf(from);
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas to draw on');
  const styles = getComputedStyle(from);
  context.scale(SCALE, SCALE);
  context.fillStyle = styles.getPropertyValue('--card');
  context.fillRect(0, 0, width, height);
  context.fillStyle = styles.getPropertyValue('--ink');
  context.font = `600 13px ${styles.getPropertyValue('--font')}`;
  context.fillText(title, MARGIN, MARGIN + 10);
  for (const { svg, left, top } of placed) drawSvg(context, svg, left, top);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('this browser cannot make a PNG of this size');
  download({ name: `${name}.png`, blob });
}
