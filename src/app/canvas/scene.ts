/** What the tree canvas asks of a way to draw a tree; pixels are CSS pixels relative to the canvas. */
import type { RowEnd } from '../../core/layout/spine.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import type { Words } from './box-words.ts';
import type { Cut } from './cut.ts';
import type { Colour } from './palette.ts';
import type { Theme } from './theme.ts';

/** The part of the whole drawing that the window shows, 0..1 on each axis. */
interface WindowShare {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Scene {
  /** Another tree: fitted, unless it is the same task and view as before (a log that is still loading) and the camera was moved. */
  setTree(tree: DrawnTree | null): void;
  /** The same nodes with other figures: nothing moves. */
  setFigures(tree: DrawnTree): void;
  setPruned(pruned: Cut): void;
  /** First words of nodes: drawn where a box has room for them. */
  setWords(words: Words): void;
  /** Nodes of the last drawing that have room for words which are not known yet. */
  wordsWanted(): readonly number[];
  setColour(colour: Colour): void;
  setTheme(theme: Theme): void;
  /** `scale`: device pixels per CSS pixel. */
  setSize(width: number, height: number, scale: number): void;
  /** The subtree that `fit` shows, or null for the whole. */
  setFocus(node: number | null): void;
  /** `animate` needs frames: see `step`. */
  fit(animate: boolean): void;
  /** Brings a node into the window, closer if it is too small to be seen. */
  show(node: number, animate: boolean): void;
  zoom(factor: number, x: number, y: number): void;
  pan(dx: number, dy: number): void;
  /** Puts this point of the whole (0..1 on each axis) into the middle of the window. */
  centre(x: number, y: number): void;
  /** Advances an animation; true while it goes on. */
  step(now: number): boolean;
  /** The node at a point, or NONE. */
  pick(x: number, y: number): number;
  /** Where rows are trajectories: the one at height `y`, or of a node's first row. Null: there is none; absent: rows are not. */
  rowAt?(y: number): RowEnd | null;
  rowOf?(node: number): RowEnd | null;
  draw(context: CanvasRenderingContext2D): void;
  /** Selection and hover, on their own layer. */
  drawMarks(context: CanvasRenderingContext2D, selection: number | null, hover: number | null): void;
  /** The whole at a small size; `scale` as above. */
  drawMap(context: CanvasRenderingContext2D, width: number, height: number, scale: number): void;
  windowShare(): WindowShare;
  /** What is not shown one to one, in words, or an empty text. */
  notice(): string;
}
