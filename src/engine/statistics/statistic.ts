/** What a statistic of nodes is: one number a node, with all that the page, the inspector and a CSV need to show it. */
import type { TreeView } from '../answers/drawing.ts';
import type { Ruling } from '../ruled.ts';

/** What a change of makes the column another one; each includes those before it. */
type RestsOn = 'forest' | 'scores' | 'order';

/**
 * How values become colours. `ranks`: at the quintiles of the drawn tree's nodes.
 * `diverging`: by distance from zero, or from the mean of the tree's roots.
 */
export type ColourScaleKind = { readonly kind: 'ranks' } | { readonly kind: 'diverging'; readonly around: 'zero' | 'mean' };

export interface NodeStatistic {
  /** As addresses and CSV headers spell it. */
  readonly id: string;
  readonly label: string;
  /** Empty where the number has none. */
  readonly unit: string;
  /** One sentence. */
  readonly help: string;
  /** The trees that have it. */
  readonly views: readonly TreeView[];
  readonly restsOn: RestsOn;
  /** How the number is written; `of`: out of the task's trajectories. */
  readonly format: 'decimal' | 'count' | 'signed' | 'of';
  /** Absent: it is not offered as a colour. */
  readonly scale?: ColourScaleKind;
  /** Nodes that the policy did not sample have no value, which is not the same as unknown. */
  readonly isOfSampled?: boolean;
  /** Under its large figure in the inspector, where the label is too long. */
  readonly shortLabel?: string;
  /** What it is called in the tree by action, where that is something else. */
  readonly labelOfActions?: string;
  /** It is an entropy: what it comes from is told beside it. */
  readonly isEntropy?: boolean;
  /** Printed where a trajectory ends. */
  readonly atEnds?: boolean;
  /** Over the list of the trajectories that pass. */
  readonly inSummary?: boolean;
  /** On the card of the node under the pointer. */
  readonly onCard?: boolean;
  /** Among the large figures of the inspector, or below them. */
  readonly inInspector: 'first' | 'more';
  /** Of the nodes [first, end) of the forest of that view; NaN where unknown. */
  column(ruling: Ruling, view: TreeView, first: number, end: number): Float32Array<ArrayBuffer>;
}

/** A column from one number a node. */
export function eachNode(first: number, end: number, value: (node: number) => number): Float32Array<ArrayBuffer> {
  const column = new Float32Array(end - first);
  for (let n = first; n < end; n++) column[n - first] = value(n);
  return column;
}

/** A column cut out of one over the whole forest. */
export function partOf(values: Float64Array | Float32Array, first: number, end: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(values.subarray(first, end));
}
