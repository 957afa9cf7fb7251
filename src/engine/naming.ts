/** What a node is called: its tool, else its kind. */
import { KINDS, NONE, type Kind } from '../core/model/kinds.ts';
import type { Forest } from '../core/model/forest.ts';

export function kindAt(forest: Forest, node: number): Kind {
  return KINDS[forest.kind[node] ?? 0] ?? 'text';
}

export function toolAt(forest: Forest, node: number): string | null {
  return forest.tools[forest.tool[node] ?? NONE] ?? null;
}

export function labelOf(forest: Forest, node: number): string {
  return toolAt(forest, node) ?? kindAt(forest, node);
}
