/** Saves a drawn plot: as SVG that needs nothing else, and as PNG at twice the size. */
import { drawSvg, SCALE } from './png.ts';
import { download } from '../../platform/browser/save.ts';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const MARGIN = 12;
const TITLE = 22;

/** Attributes in which a plot names a colour or a pattern of the page. */
const PAINTS = ['fill', 'stroke'];

/** The plot as it is drawn now, with its title, its colours spelled out and its font named; the text of an SVG file. */
function svgText(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new Error('expected an SVG element');
  const styles = getComputedStyle(svg);
  const pattern = copy.querySelector('pattern')?.id ?? '';
  const valueOf = (name: string): string => (name === '--hatch' ? `url(#${pattern})` : styles.getPropertyValue(name).trim());
  const plain = (text: string): string => text.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => valueOf(name));
  for (const element of copy.querySelectorAll('*')) {
    for (const paint of PAINTS) {
      const value = element.getAttribute(paint);
      if (value?.includes('var(') === true) element.setAttribute(paint, plain(value));
    }
    if (element.tagName === 'text') element.setAttribute('font-family', plain('var(--font)'));
    for (const name of ['style', 'class', 'tabindex', 'role', 'aria-pressed', 'data-bar']) element.removeAttribute(name);
  }
  copy.removeAttribute('style');
  copy.removeAttribute('class');
  const { width, height } = svg.viewBox.baseVal;
  const [wide, tall] = [width + 2 * MARGIN, height + 2 * MARGIN + TITLE];
  const outer = document.createElementNS(NAMESPACE, 'svg');
  outer.setAttribute('xmlns', NAMESPACE);
  outer.setAttribute('viewBox', `0 0 ${wide} ${tall}`);
  outer.setAttribute('width', String(wide));
  outer.setAttribute('height', String(tall));
  const ground = document.createElementNS(NAMESPACE, 'rect');
  for (const [name, value] of [
    ['width', String(wide)],
    ['height', String(tall)],
    ['fill', valueOf('--card')],
  ] as const)
    ground.setAttribute(name, value);
  const heading = document.createElementNS(NAMESPACE, 'text');
  for (const [name, value] of [
    ['x', String(MARGIN)],
    ['y', String(MARGIN + 10)],
    ['font-size', '13'],
    ['font-weight', '600'],
    ['font-family', valueOf('--font')],
    ['fill', valueOf('--ink')],
  ] as const)
    heading.setAttribute(name, value);
  heading.textContent = title;
  copy.setAttribute('x', String(MARGIN));
  copy.setAttribute('y', String(MARGIN + TITLE));
  outer.append(ground, heading, copy);
  return new XMLSerializer().serializeToString(outer);
}

export function saveSvg(svg: SVGSVGElement, title: string, name: string): void {
  download({ name: `${name}.svg`, blob: new Blob([svgText(svg, title)], { type: 'image/svg+xml' }) });
}

/** Rejects where the browser cannot draw it. */
export async function savePng(svg: SVGSVGElement, title: string, name: string): Promise<void> {
  const { width, height } = svg.viewBox.baseVal;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + 2 * MARGIN + TITLE) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas to draw on');
  const styles = getComputedStyle(svg);
  context.scale(SCALE, SCALE);
  context.fillStyle = styles.getPropertyValue('--card');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = styles.getPropertyValue('--ink');
  context.font = `600 13px ${styles.getPropertyValue('--font')}`;
  context.fillText(title, MARGIN, MARGIN + 10);
  drawSvg(context, svg, MARGIN, MARGIN + TITLE);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('this browser cannot make a PNG of this size');
  download({ name: `${name}.png`, blob });
}
