/** Packing as trainers do it at run time: a trie of Maps for each row, each sequence into the first with room for what it adds. */
import { insertIntoTrie, makeTrieForest, type TrieForest } from './map-trie.ts';

/** One task's sequences in their order. @returns the tries; `distinct` of each is at most `limit` */
export function firstFitTries(sequences: readonly ArrayLike<number>[], limit: number): TrieForest[] {
  const rows: TrieForest[] = [];
  for (const ids of sequences) {
    let row = rows.find((each) => each.distinct + added(each, ids) <= limit);
    if (!row) rows.push((row = makeTrieForest()));
    insertIntoTrie(row, '', ids);
  }
  return rows;
}

/** Tokens that a sequence would add. */
function added({ roots }: TrieForest, ids: ArrayLike<number>): number {
  let node = roots.get('');
  for (let i = 0; i < ids.length; i++) {
    node = node?.children.get(ids[i]);
    if (!node) return ids.length - i;
  }
  return 0;
}
