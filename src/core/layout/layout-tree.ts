/** What a layout reads of a tree, what it makes of it, and the window through which a layout is looked at. */

/**
 * The columns of one tree (or of one task with several roots) that decide where its nodes stand. Rows are in
 * depth-first pre-order. `TreeColumns` of the engine and a slice of `Forest` both have this shape.
 */
export interface LayoutTree {
  readonly length: number;
  /** Trajectories of the task, K: the height of the whole drawing. */
  readonly trajectories: number;
  /** node -> node | NONE */
  readonly parent: Int32Array;
  /** node -> node, exclusive */
  readonly subtreeEnd: Int32Array;
  /** node -> tokens above it */
  readonly depth: Int32Array;
  /** node -> tokens in it */
  readonly tokens: Int32Array;
  /** node -> trajectories through it */
  readonly reachCount: Int32Array;
}

/** `arrival`: siblings in row order. `left-heavy`: the sibling with the most flat tokens (tokens × reach) below it first. */
export type SiblingOrder = 'arrival' | 'left-heavy';

/**
 * Where each node stands in an icicle: a rectangle [x0, x1) × [y0, y1). x counts tokens from the first token of the
 * task, y counts trajectories from the first row. Both are whole numbers, so nothing is lost to rounding: the height
 * of a node is its reach count, and children tile their parent's band from its top. What stays free at the bottom of
 * a band are the trajectories that end in the node.
 */
export interface Layout {
  readonly length: number;
  readonly order: SiblingOrder;
  /** node -> first token; the tree's own `depth` column */
  readonly x0: Int32Array;
  readonly x1: Int32Array;
  readonly y0: Int32Array;
  readonly y1: Int32Array;
  /** Tokens of the longest trajectory. */
  readonly width: number;
  /** Trajectories. */
  readonly height: number;
}

/** A window on a layout: world coordinates of its edges, and its size in pixels. */
export interface Viewport {
  /** tokens */
  readonly left: number;
  readonly right: number;
  /** trajectories */
  readonly top: number;
  readonly bottom: number;
  /** pixels */
  readonly columns: number;
  readonly rows: number;
}
