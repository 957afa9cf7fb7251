/** `through:KEY`: the rollouts that pass a node of the token tree or of the action tree, by the node's key. */
import { isNodeKey, type NodeKey } from '../model/node-key.ts';
import type { CompareTerm, Filter, IsTerm } from './filter.ts';
import { termsOf } from './filter.ts';

/** What stands for the column that there is not. */
export const THROUGH = 'through';

export const THROUGH_HELP = 'passes a node of the tree, by its key';

/** The key that the term asks for; null: it asks for none, or for something that is no key. */
export function nodeOfTerm(term: CompareTerm | IsTerm): NodeKey | null {
  if (term.kind === 'compare' || term.op === '!=') return null;
  const key = term.pieces.join('*').toLowerCase();
  return isNodeKey(key) ? key : null;
}

/** What is wrong with a term of that name; null: nothing. */
export function throughFault(term: CompareTerm | IsTerm): string | null {
  return nodeOfTerm(term) === null ? `expected ${THROUGH}:KEY, with the key of a node: 16 hexadecimal digits` : null;
}

/** The text of a term that takes the rollouts through a node. */
export function throughTerm(key: NodeKey): string {
  return `${THROUGH}:${key}`;
}

/** Keys that a filter asks for, each once. */
export function nodesAskedFor(filter: Filter): readonly NodeKey[] {
  const keys = new Set<NodeKey>();
  for (const term of termsOf(filter)) {
    if ((term.kind !== 'is' && term.kind !== 'compare') || term.name !== THROUGH) continue;
    const key = nodeOfTerm(term);
    if (key !== null) keys.add(key);
  }
  return [...keys];
}
