/** Which rollouts pass the nodes that a filter asks for. */
import type { FoundTexts } from '../../core/filter/match.ts';
import type { Filter } from '../../core/filter/filter.ts';
import { nodesAskedFor, throughTerm } from '../../core/filter/through.ts';
import { NONE } from '../../core/model/kinds.ts';
import { locateNode, type NodeKey } from '../../core/model/node-key.ts';
import { trajectoriesThrough } from '../../core/tree/navigate.ts';
import type { Dataset } from '../dataset.ts';

/** What was found in texts, and with it `throughTerm` of each node -> rollout -> 1. Nobody passes a node that the open log lacks. */
export function withPassing(dataset: Dataset, filter: Filter, texts: FoundTexts): FoundTexts {
  const keys = nodesAskedFor(filter);
  return keys.length === 0 ? texts : new Map([...texts, ...keys.map((key) => [throughTerm(key), passing(dataset, key)] as const)]);
}

/** Of the token tree; of the action tree where that has no such node. O(trajectories). */
function passing({ tokens, actions }: Dataset, key: NodeKey): Uint8Array {
  const taken = new Uint8Array(tokens.rollouts.length);
  for (const { forest } of [tokens, actions]) {
    const node = locateNode(forest.keys, key);
    if (node === NONE) continue;
    for (const t of trajectoriesThrough(forest, node)) taken[forest.trajectories.rollout[t] ?? 0] = 1;
    break;
  }
  return taken;
}
