/** First words of nodes, asked for a little after a drawing or the pointer rests, and kept for the forest that is open. */
import { useEffect, useSyncExternalStore } from 'react';
import { nodeKeyOf, type NodeKey } from '../../core/model/node-key.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { useForest } from './answers.ts';
import { ask } from './client.ts';

/** One question reads that many at most, so that the session soon has time for others. */
const AT_ONCE = 48;
const REST_MS = 120;
const MOST_KEPT = 20_000;

/** Of one forest: in another a node of the same key may begin elsewhere. Null: they cannot be read. */
let known = new Map<NodeKey, string | null>();
let forestOf: string | null = null;
let wanted = 0;
const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

function keep(keys: readonly NodeKey[], words: readonly (string | null)[]): void {
  // Replaced, because that is what tells that something is new.
  known = new Map(known.size > MOST_KEPT ? [] : known);
  for (const [i, key] of keys.entries()) known.set(key, words[i] ?? null);
  for (const listener of listeners) listener();
}

async function read(keys: readonly NodeKey[], isWanted: () => boolean): Promise<void> {
  const missing = keys.filter((key) => !known.has(key));
  const forest = forestOf;
  for (let from = 0; from < missing.length && isWanted(); from += AT_ONCE) {
    const some = missing.slice(from, from + AT_ONCE);
    // A file that is gone has no words; its boxes then say no more than their kind.
    const words = await ask((session) => session.nodeWords(some)).catch(() => []);
    if (forest === forestOf) keep(some, words);
  }
}

/** Asks for the words of nodes of a tree of tokens, in place of those that were wanted before; what is known is told at once. */
export function wantWords(tree: DrawnTree, nodes: readonly number[]): void {
  if (tree.view !== 'tokens') return;
  const keys = Array.from(nodes, (node) => nodeKeyOf(tree.keys, node));
  if (keys.some((key) => known.has(key))) keep([], []);
  const mine = ++wanted;
  setTimeout(() => void read(keys, () => mine === wanted), REST_MS);
}

/** Everything that is known of the open forest. */
export function useKnownWords(): ReadonlyMap<NodeKey, string | null> {
  const forest = useForest();
  useEffect(() => {
    if (forest === forestOf) return;
    forestOf = forest;
    keep([], []);
    known.clear();
  }, [forest]);
  return useSyncExternalStore(subscribe, () => known);
}

/** First words of one node of a tree of tokens, asked for when it is looked at for a while; undefined: not known yet. */
export function useWords(tree: DrawnTree | undefined, node: number | null): string | null | undefined {
  const words = useKnownWords();
  const key = tree?.view === 'tokens' && node !== null && node < tree.length ? nodeKeyOf(tree.keys, node) : null;
  useEffect(() => {
    if (key === null || known.has(key)) return undefined;
    let isLeft = false;
    const timer = setTimeout(() => void read([key], () => !isLeft), REST_MS);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [key]);
  return key === null ? undefined : words.get(key);
}
