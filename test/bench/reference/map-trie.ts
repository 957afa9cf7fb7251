/** The prefix tree most people would write first: one object with a Map of children for each token. */

export interface TrieNode {
  readonly children: Map<number, TrieNode>;
  count: number;
}

export interface TrieForest {
  readonly roots: Map<string, TrieNode>;
  flat: number;
  distinct: number;
}

export function makeTrieForest(): TrieForest {
  return { roots: new Map(), flat: 0, distinct: 0 };
}

/** Adds one sequence to its task's tree. */
export function insertIntoTrie(forest: TrieForest, task: string, ids: ArrayLike<number>): TrieNode {
  let node: TrieNode = forest.roots.get(task) ?? { children: new Map(), count: 0 };
  forest.roots.set(task, node);
  for (let i = 0; i < ids.length; i++) {
    let child: TrieNode | undefined = node.children.get(ids[i]);
    if (child === undefined) {
      node.children.set(ids[i], (child = { children: new Map(), count: 0 }));
      forest.distinct++;
    }
    child.count++;
    node = child;
  }
  forest.flat += ids.length;
  return node;
}
