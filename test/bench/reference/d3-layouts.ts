/** d3-hierarchy's layouts from plain nested objects, as most pages draw trees. */
import { hierarchy, partition, tree, type HierarchyNode } from 'd3-hierarchy';
import { NONE } from '../../../src/core/model/kinds.ts';
import type { LayoutTree } from '../../../src/core/layout/layout-tree.ts';

export interface PlainNode {
  readonly index: number;
  /** Trajectories that end here. */
  value: number;
  readonly children: PlainNode[];
}

/** The tree as objects; its making is not part of any time. */
export function plainTree({ length, parent, reachCount }: LayoutTree): PlainNode {
  const nodes = Array.from({ length }, (_, index): PlainNode => ({ index, value: reachCount[index], children: [] }));
  for (let n = 1; n < length; n++) {
    if (parent[n] === NONE) throw new Error('the reference draws trees with one root');
    nodes[parent[n]].children.push(nodes[n]);
    nodes[parent[n]].value -= reachCount[n];
  }
  return nodes[0];
}

export function partitionWithD3(root: PlainNode): HierarchyNode<PlainNode> & { y1?: number } {
  return partition<PlainNode>()(hierarchy(root).sum((node) => node.value));
}

/** node -> position across the levels, siblings 1 apart */
export function tidyWithD3(root: PlainNode, length: number): Float64Array {
  const across = new Float64Array(length);
  tree<PlainNode>()
    .nodeSize([1, 1])(hierarchy(root))
    .each((node) => {
      across[node.data.index] = node.x;
    });
  return across;
}
