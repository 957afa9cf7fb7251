/**
 * A report as one HTML document that stands alone: no script, no address but pictures within it. Every text is escaped here, of
 * plots only known elements and attributes are written, and a picture is a PNG or is left out.
 */
import { escaped } from '../../../base/escape.ts';
import { visible, visibleText } from '../../../base/visible.ts';
import { PLOT_ATTRIBUTES, PLOT_ELEMENTS } from './plot-node.ts';
import type { PlotNode, Report, ReportPart, ReportPicture, ReportPlot, ReportSection, ReportTable, ReportTranscript } from './report.ts';
import { reportStyle } from './report-style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const PICTURE = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;
/** What the borders of parts mean. */
const KEY = [
  ['trained', 'wide line: trained'],
  ['untrained', 'dotted line: kept, not trained'],
  ['context', 'thin line: kept, context'],
  ['cut', 'double line: cut'],
] as const;

/** The page, piece by piece, so that whoever writes it can do other things between two of them. */
export function* reportPage({ title, about, sections, colours }: Report): Generator<string> {
  yield [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${line(title)}</title><style>${reportStyle(colours)}</style></head>\n<body><main><h1>${line(title)}</h1>`,
    ...about.map((sentence) => `<p>${line(sentence)}</p>`),
    `<nav aria-label="Parts of the report"><ul>`,
    ...sections.map((own, i) => `<li><a href="#part-${i + 1}">${line(own.title)}</a></li>`),
    '</ul></nav>\n',
  ].join('');
  for (const [i, own] of sections.entries()) yield* sectionPieces(own, i + 1);
  yield '</main></body></html>\n';
}

function* sectionPieces(own: ReportSection, number: number): Generator<string> {
  yield `<section id="part-${number}"><h2>${line(own.title)}</h2>`;
  for (const sentence of own.about) yield `<p>${line(sentence)}</p>`;
  for (const table of own.tables) yield tableText(table);
  if (own.code !== null) {
    const label = line(own.code.label);
    yield `<p>${label}</p><pre tabindex="0" role="region" aria-label="${label}">${block(own.code.text)}</pre>`;
  }
  for (const picture of own.pictures) yield pictureText(picture);
  if (own.plots.length > 0) yield `<div class="plots">${own.plots.map(plotText).join('')}</div>`;
  if (own.transcripts.length > 0) {
    const key = KEY.map(([look, words]) => `<li class="${look}">${words}</li>`);
    yield `<ul class="key" aria-label="What the lines beside parts mean">${key.join('')}</ul>`;
  }
  for (const transcript of own.transcripts) yield* transcriptPieces(transcript);
  yield '</section>\n';
}

function* transcriptPieces({ title, about, parts, rest }: ReportTranscript): Generator<string> {
  yield `<article><h3>${line(title)}</h3>${about.map((sentence) => `<p>${line(sentence)}</p>`).join('')}`;
  for (const part of parts) yield partText(part);
  yield `${rest === '' ? '' : `<p>${line(rest)}</p>`}</article>`;
}

function partText({ who, what, look, fate, remarks, text, rest }: ReportPart): string {
  const head = [`<b>${line(who)}</b>`, ...[what, fate, ...remarks].filter(Boolean).map((words) => `<span>${line(words)}</span>`)];
  return (
    `<div class="part ${look}"><h4>${head.join(' ')}</h4><div class="said">${block(text)}</div>` +
    `${rest === '' ? '' : `<p>${line(rest)}</p>`}</div>\n`
  );
}

function tableText({ caption, columns, rows, rest }: ReportTable): string {
  const classOf = (i: number): string => (columns[i]?.isNumber === true ? ' class="number"' : '');
  const head = columns.map(({ label }, i) => `<th scope="col"${classOf(i)}>${line(label)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === 0 ? `<th scope="row"${classOf(i)}>${line(cell)}</th>` : `<td${classOf(i)}>${line(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return (
    `<div class="wide" tabindex="0" role="region" aria-label="${line(caption)}"><table><caption>${line(caption)}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>${rest === '' ? '' : `<p>${line(rest)}</p>`}\n`
  );
}

function pictureText({ caption, alt, source, width, height }: ReportPicture): string {
  if (!PICTURE.test(source)) return '';
  const size = `width="${Math.round(width)}" height="${Math.round(height)}"`;
  return `<figure><figcaption>${line(caption)}</figcaption><img src="${source}" alt="${line(alt)}" ${size}></figure>\n`;
}

function plotText({ caption, about, pictures }: ReportPlot): string {
  const small = about === '' ? '' : `<small>${line(about)}</small>`;
  const drawn = pictures.map(({ alt, plot }) => elementText(plot, ` role="img" aria-label="${line(alt)}"`));
  return `<figure><figcaption>${line(caption)}${small}</figcaption>${drawn.join('')}</figure>\n`;
}

function elementText({ name, attributes, children }: PlotNode, more = ''): string {
  if (!PLOT_ELEMENTS.has(name)) return '';
  const said = Object.entries(attributes)
    .filter(([attribute]) => PLOT_ATTRIBUTES.has(attribute))
    .map(([attribute, value]) => ` ${attribute}="${line(value)}"`);
  const inner = children.map((child) => (typeof child === 'string' ? line(child) : elementText(child)));
  return `<${name}${said.join('')}${more}>${inner.join('')}</${name}>`;
}

/** Text in one line, with what would steer its reading spelt out. */
function line(text: string): string {
  return escaped(visible(text));
}

/** Text of many lines. */
function block(text: string): string {
  return escaped(visibleText(text));
}
