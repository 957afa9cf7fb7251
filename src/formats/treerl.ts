/**
 * TreeRL search results: `{problem, golden_answer, paths}` with the ids of each node's tokens, a path per rollout; or a tree of nodes in
 * each other (`trees_vine`). Nodes that paths share are repeated in each, so that their ids fall together again. The prompt has no ids.
 * https://github.com/THUDM/TreeRL
 */
import type { Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { tooManyMessages } from './expansion.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getList, getString, isList, isObject } from './json.ts';
import { idsFound, readIds } from './per-token.ts';
import { readRewardParts } from './messages.ts';
import { taskOf } from './task-key.ts';
import { leafPaths } from './trace-graph.ts';
import { listNested, parentsOf } from './tree-paths.ts';

export const treerl: Format = {
  id: 'treerl',
  label: 'TreeRL token trees',
  detects: (record) => getString(record, 'problem') !== undefined && (isPaths(get(record, 'paths')) || isTree(treeOf(record))),
  decode(record, context) {
    const tree = treeOf(record);
    const paths = isTree(tree) ? pathsOfTree(tree) : getList(record, 'paths');
    if (paths === undefined || !isList(paths)) return [{ ok: false, complaint: tooManyNodes(tree) }];
    if (paths.length === 0) return [refuse('paths-empty', 'at least one path', describe(get(record, 'paths')))];
    return paths.map((path, i) => decodePath(record, isList(path) ? path : [path], i, context));
  },
};

function isPaths(paths: unknown): boolean {
  return isList(paths) && paths.length > 0 && isList(paths[0]) && isNode(paths[0][0]);
}

function treeOf(record: unknown): unknown {
  return get(record, 'tree') ?? get(record, 'root') ?? record;
}

function isTree(tree: unknown): boolean {
  return isList(get(tree, 'children')) && getList(tree, 'children')?.some(isNode) === true;
}

function isNode(node: unknown): boolean {
  return isObject(node) && (get(node, 'token_answer') !== undefined || getString(node, 'answer') !== undefined);
}

function pathsOfTree(tree: unknown): readonly (readonly unknown[])[] | undefined {
  const listed = listNested(tree, 'children');
  const parents = parentsOf(listed);
  if (tooManyMessages(parents) !== null) return undefined;
  return leafPaths(parents).map((path) => path.map((n) => listed[n]!.node).filter(isNode));
}

function tooManyNodes(tree: unknown): Complaint {
  return tooManyMessages(parentsOf(listNested(tree, 'children'))) ?? { code: 'shape', expected: 'a list at paths', found: describe(tree) };
}

function decodePath(record: unknown, path: readonly unknown[], index: number, context: RecordContext): Decoded {
  const problem = getString(record, 'problem') ?? '';
  const all = path.map((node) => readIds(get(node, 'token_answer')));
  const odd = path.findIndex((node, i) => all[i] === null && getString(node, 'answer') === undefined);
  if (odd >= 0)
    return refuse(
      'path-node',
      `an answer, or ids at token_answer, in node ${odd} of path ${index}`,
      idsFound(get(path[odd], 'token_answer')),
    );
  // Where one node has no ids, texts are used for all: a sequence is of one kind.
  const hasIds = path.length > 0 && all.every((ids) => ids !== null);
  const events: RolloutEvent[] = [
    { role: 'user', sampled: false, parts: [{ kind: 'user', text: problem }], ...(hasIds ? { tokens: { ids: new Int32Array(0) } } : {}) },
    ...path.map((node, i): RolloutEvent => {
      const ids = all[i];
      return {
        role: 'assistant',
        sampled: true,
        parts: [{ kind: 'text', text: getString(node, 'answer') ?? '' }],
        ...(hasIds && ids ? { tokens: { ids, mask: new Uint8Array(ids.length).fill(1) } } : {}),
      };
    }),
  ];
  const leaf = path.at(-1);
  const { reward: _, answer: __, ...parts } = isObject(leaf) ? leaf : {};
  const rollout: Rollout = {
    id: `${positionId(context)}.${index}`,
    ...taskOf(events.slice(0, 1)),
    reward: asLogged(get(leaf, 'reward')) ?? null,
    ...defined({ rewardParts: readRewardParts(parts) }),
    branches: [{ events }],
  };
  return accept(rollout);
}
