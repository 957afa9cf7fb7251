/** What writing labels on boxes needs. */
import type { Words } from './box-words.ts';
import type { Boxes } from '../../core/layout/visible.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import type { Cut } from './cut.ts';
import type { Colour } from './palette.ts';
import type { Swatch } from './swatches.ts';
import type { Theme } from './theme.ts';

export interface Labelling {
  readonly context: CanvasRenderingContext2D;
  readonly boxes: Boxes;
  readonly tree: DrawnTree;
  readonly swatchOf: Uint8Array;
  readonly swatches: readonly Swatch[];
  readonly theme: Theme;
  readonly colour: Colour;
  readonly pruned: Cut;
  readonly words: Words;
  /** Takes the nodes that have room for words which are not known yet. */
  readonly wanted: number[];
  readonly scale: number;
  /** Of the window, in device pixels. */
  readonly columns: number;
  /** The window ends with the longest trajectory: a box that touches its edge ends there too. */
  readonly atEnd: boolean;
  readonly measure: Measure;
}

/** Widths of texts in the fonts used, remembered. */
export type Measure = (context: CanvasRenderingContext2D, font: string, text: string) => number;
