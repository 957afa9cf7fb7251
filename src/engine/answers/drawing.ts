/** One task's tree for drawing: its shape, which a forest decides, and its figures, which an order does. */
import type { LayoutTree, SiblingOrder } from '../../core/layout/layout-tree.ts';
import type { NodeKeys } from '../../core/model/node-key.ts';
import type { Spine } from '../../core/layout/spine.ts';
import type { CostColumn, CostSums } from '../../core/prune/cost-column.ts';

/** Which tree: merged by exact tokens, or by action (tool name + canonical arguments). */
export type TreeView = 'tokens' | 'actions';

/**
 * The nodes of one task's tree and where they stand; the same under every rule. Node numbers are local to the task: 0 is
 * the first root.
 */
export interface TreeShape extends LayoutTree {
  readonly task: number;
  readonly view: TreeView;
  /** What names each node beyond this answer: two entries per node. */
  readonly keys: NodeKeys;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  /** index into `tools` | -1 */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** Where its nodes stand in icicles, for trees so large that placing them would hold up the page. */
  readonly spines?: Readonly<Record<SiblingOrder, Spine>>;
}

/** figure id -> local node -> value, NaN unknown */
export type FigureColumns = Readonly<Record<string, Float32Array>>;

/** What an order says of the nodes of a shape, parallel to its columns. */
export interface TreeFigures {
  readonly orderId: number;
  /** The figures that were asked for. */
  readonly columns: FigureColumns;
  /** kept(n) = rank[n] < cutRank of the task's scope; null for the action tree, which no order ranks */
  readonly rank: Int32Array | null;
  /** Of the groups of the task's scope: gives the cutRank of every budget (`cutRankAt`); null where there is no rank. */
  readonly costs: CostColumn | null;
  /** `protection` of a drawn tree, four nodes to a byte (`core/prune/protection-column.ts`) */
  readonly packedProtection: Uint8Array;
}

/** A shape with the figures of one order: what the canvas draws. */
export interface DrawnTree extends TreeShape, Omit<TreeFigures, 'columns' | 'costs' | 'packedProtection'> {
  /** 0 = not protected, 1 = favoured, 2 = pinned, 3 = dropped by acts */
  readonly protection: Uint8Array;
  /** groups taken -> their cost, `costSums` of the costs; null where there is no rank */
  readonly costSums: CostSums | null;
  readonly figures: FigureColumns;
}
