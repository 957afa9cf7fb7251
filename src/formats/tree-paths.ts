/** Nodes with parents, as search logs have them: paths from roots to leaves, without recursion. */
import { NONE } from '../core/model/kinds.ts';
import { getList } from './json.ts';

export interface Listed {
  readonly node: unknown;
  /** Place among the listed nodes, before its own; NONE for a root. */
  readonly parent: number;
}

/** A tree of nodes in each other, as a list in which parents come first. `most`: nodes that are looked at. */
export function listNested(root: unknown, key: string, most = 1 << 20): readonly Listed[] {
  const listed: Listed[] = [];
  const open: Listed[] = [{ node: root, parent: NONE }];
  for (let next = open.pop(); next !== undefined && listed.length < most; next = open.pop()) {
    const at = listed.push(next) - 1;
    for (const child of (getList(next.node, key) ?? []).toReversed()) open.push({ node: child, parent: at });
  }
  return listed;
}

/** One node with another as its parent, by their ids; an id that nobody has, or that comes later, makes a root. */
export function listById(
  nodes: readonly unknown[],
  idOf: (node: unknown) => string | undefined,
  parentOf: (node: unknown) => string | undefined,
): readonly Listed[] {
  const places = new Map<string, number>();
  return nodes.map((node, at) => {
    const above = parentOf(node);
    const parent = above === undefined ? NONE : (places.get(above) ?? NONE);
    const id = idOf(node);
    if (id !== undefined) places.set(id, at);
    return { node, parent };
  });
}

export function parentsOf(listed: readonly Listed[]): Int32Array {
  return Int32Array.from(listed, ({ parent }) => parent);
}
