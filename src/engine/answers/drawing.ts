/** One task's tree for drawing. */
import type { LayoutTree, SiblingOrder } from '../../core/layout/layout-tree.ts';
import type { Spine } from '../../core/layout/spine.ts';

/** Which tree: merged by exact tokens, or by action (tool name + canonical arguments). */
export type TreeView = 'tokens' | 'actions';

/** One task's tree for drawing. Node numbers are local to the task: 0 is the first root; add `firstNode` for the forest's. */
export interface TreeColumns extends LayoutTree {
  readonly task: number;
  readonly view: TreeView;
  readonly firstNode: number;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  /** index into `tools` | -1 */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** mean nats per sampled token with a value; NaN unknown */
  readonly entropy: Float32Array;
  /** mean reward of the trajectories through the node; NaN unknown */
  readonly reward: Float32Array;
  /** 0 = not protected, 1 = favoured, 2 = pinned, under the rule last asked for with `order` */
  readonly protection: Uint8Array;
  /** Where its nodes stand in icicles, for trees so large that placing them would hold up the page. */
  readonly spines?: Readonly<Record<SiblingOrder, Spine>>;
}
