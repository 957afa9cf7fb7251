/** Text on boxes that are wide and high enough for it: what the node is, and its figure in the colouring at hand. */
import { drawWords, hasRoom } from './box-words.ts';
import { visible } from '../../base/visible.ts';
import { FLAG, KINDS, NONE } from '../../core/model/kinds.ts';
import type { DrawnTree, TreeShape } from '../../engine/answers/drawing.ts';
import { figureText, numberText } from '../text/statistic.ts';
import { endFigure, figureColumn } from './figure-column.ts';
import { isFirstExcluded, labelExcluded } from './excluded.ts';
import { isKept, solidShare } from './paint-boxes.ts';
import { colourScale } from './palette.ts';
import type { ColourScale } from './palette.ts';
import type { Labelling, Measure } from './labelling.ts';
import { writeOver } from './two-inks.ts';

const KIND_LABEL: Readonly<Record<(typeof KINDS)[number], string>> = {
  system: 'system',
  user: 'user',
  text: 'text',
  thinking: 'thinking',
  call: 'tool call',
  result: 'result',
  memory: 'memory',
  summary: 'summary',
  scaffold: 'template',
};

const whole = new Intl.NumberFormat('en-US');

/** "tool call", "result" and so on. */
export function kindLabel(tree: TreeShape, node: number): string {
  return KIND_LABEL[KINDS[tree.kind[node]!] ?? 'text'];
}

/** The tool's name, or null. */
export function toolName(tree: TreeShape, node: number): string | null {
  const tool = tree.tool[node]!;
  return tool === NONE ? null : visible(tree.tools[tool] ?? '') || null;
}

/** The figure that the colouring stands for, with its unit. */
function figureOf(tree: DrawnTree, node: number, scale: ColourScale | null): string {
  if (!scale) return lengthOf(tree, tree.tokens[node]!);
  const { statistic } = scale;
  const value = figureColumn(tree, statistic.id)[node]!;
  if (Number.isNaN(value)) {
    const isSampled = (tree.flags[node]! & FLAG.sampled) !== 0;
    return statistic.isOfSampled === true && !isSampled ? 'not sampled' : 'unknown';
  }
  const text = figureText(statistic, value, tree.trajectories);
  return statistic.unit === '' ? `${statistic.label} ${text}` : text;
}

/** "1,207 tok", or "3 actions" in a tree merged by action. */
export function lengthOf(tree: TreeShape, tokens: number): string {
  return `${whole.format(tokens)} ${tree.view === 'actions' ? `action${tokens === 1 ? '' : 's'}` : 'tok'}`;
}

export function makeMeasure(): Measure {
  const widths = new Map<string, number>();
  return (context, font, text) => {
    const key = `${font}|${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    context.font = font;
    const { width } = context.measureText(text);
    if (widths.size > 4_000) widths.clear();
    widths.set(key, width);
    return width;
  };
}

/** Draws in CSS pixels: the context's transform is the device scale. Boxes narrower than 22 or lower than 14 have none. */
export function drawLabels(labelling: Labelling): void {
  const { context, boxes, tree, theme, colour, scale: pixels, measure } = labelling;
  const name = `500 11px ${theme.font}`;
  const mono = `500 10.5px ${theme.mono}`;
  const plainMono = `400 10.5px ${theme.mono}`;
  const figure = `400 10.5px ${theme.font}`;
  const scale = colourScale(tree, colour);
  const centre = scale?.centre ?? null;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  for (let box = 0; box < boxes.count; box++) {
    const x = boxes.column0[box]! / pixels;
    const y = boxes.row0[box]! / pixels;
    const wide = boxes.column1[box]! / pixels - x;
    const high = boxes.row1[box]! / pixels - y;
    const node = boxes.node[box]!;
    if (high >= 14 && isFirstExcluded(tree, node)) labelExcluded(labelling, box);
    if (high < 14 || wide < 9 || !isKept(labelling.pruned, node)) continue;
    const swatch = labelling.swatches[labelling.swatchOf[node]!]!;
    const room = wide - 11;
    const base = y + Math.min(high / 2 + 4, 18);
    const pale = x + wide * solidShare(labelling.pruned, node);
    const write = (font: string, text: string, at: number): void => {
      context.font = font;
      writeOver(context, swatch, text, x + 6, at, pale);
    };
    if (scale && centre !== null) {
      const { glyph } = swatch;
      const value = figureColumn(tree, scale.statistic.id)[node]!;
      const middle =
        scale.statistic.scale?.kind === 'diverging' && scale.statistic.scale.around === 'zero'
          ? numberText(scale.statistic.format, 0)
          : 'mean';
      const text = Number.isNaN(value) ? 'unknown' : glyph === '' ? middle : `${glyph}${Math.abs(value - centre).toFixed(2)}`;
      if (measure(context, name, text) <= room) {
        write(name, text, base);
        const detail = figureOf(tree, node, scale);
        if (detail !== text && high >= 36 && measure(context, figure, detail) <= room) write(figure, detail, base + 15);
      } else if (glyph !== '') {
        context.font = name;
        writeOver(context, swatch, glyph, x + (wide - measure(context, name, glyph)) / 2, base, pale);
      }
      continue;
    }
    if (wide < 36) continue;
    const tool = toolName(tree, node);
    const kind = kindLabel(tree, node);
    const mark = (tree.flags[node]! & FLAG.error) !== 0 ? 'error ' : '';
    const width = (text: string): number => measure(context, mono, text);
    // "memory" says more than the beginning of its tool's name; "tool call" says less.
    const called =
      tool === null || kind === 'result'
        ? null
        : kind === KIND_LABEL.call
          ? cutToFit(tool, room, width)
          : width(tool) <= room
            ? tool
            : null;
    const label = called ?? (mark !== '' && measure(context, name, mark + kind) <= room ? mark + kind : kind);
    const face = called === null ? name : mono;
    const wideLabel = measure(context, face, label);
    if (wideLabel > room) continue;
    write(face, label, base);
    const detail = figureOf(tree, node, scale);
    const hasFigure = high >= 36 && measure(context, figure, detail) <= room;
    if (hasFigure) write(figure, detail, base + 15);
    const last = hasFigure ? base + 15 : base;
    const place = { x: x + 6, base, label: wideLabel, room, below: y + high - last - 4, last };
    if (!hasRoom(place)) continue;
    const words = labelling.words.get(node);
    if (words === undefined) labelling.wanted.push(node);
    if (!words) continue;
    context.font = plainMono;
    drawWords((text, at, y) => writeOver(context, swatch, text, at, y, pale), words, place, measure(context, plainMono, '…'));
  }
}

/** Letters of a cut name at least: fewer say less than the kind does. */
const LEAST_LETTERS = 4;

/** The text, or as much of its beginning as fits with an ellipsis; null where that is too little. */
function cutToFit(text: string, room: number, width: (text: string) => number): string | null {
  if (width(text) <= room) return text;
  const each = width('…');
  // The face has one width for all.
  const letters = Math.floor(room / each) - 1;
  return letters >= LEAST_LETTERS && letters < text.length ? `${text.slice(0, letters)}…` : null;
}

/** Rewards at the right end of trajectories' strips that are at least 14 high; beside the strip where there is room, else on it. */
export function drawRewards(labelling: Labelling, width: number): void {
  const { context, boxes, tree, theme, scale, measure } = labelling;
  const font = `500 11px ${theme.font}`;
  context.font = font;
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = theme.css.paper;
  context.fillStyle = theme.css.ink2;
  const rewards = endFigure(tree);
  for (let box = 0; box < boxes.count; box++) {
    const node = boxes.node[box]!;
    const reward = rewards[node]!;
    const end = boxes.column1[box]! / scale;
    const y = boxes.row0[box]! / scale;
    const high = boxes.row1[box]! / scale - y;
    // A leaf that several trajectories share shows their mean once.
    if (tree.subtreeEnd[node] !== node + 1 || Number.isNaN(reward) || high < 14 || end <= 0) continue;
    if (!labelling.atEnd && boxes.column1[box]! >= labelling.columns) continue;
    const text = reward.toFixed(2).replace('-', '−');
    const room = measure(context, font, text) + 6;
    const x = end + room <= width ? end + 6 : end - room;
    context.strokeText(text, x, y + high / 2 + 4);
    context.fillText(text, x, y + high / 2 + 4);
  }
}
