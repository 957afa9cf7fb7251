/** What names a node beyond one frozen forest: reading and finding keys. `../tree/node-keys.ts` makes them. */
import { NONE } from './kinds.ts';

/**
 * 16 hexadecimal digits: a 64-bit hash of the task's key and of every token from the root to the node's end (of every
 * canonical action, in an action tree). The same wherever the same prefix ends a node: in whatever order files are
 * read, whatever rollouts come on top, whenever the log is opened again. Where a later rollout parts within a node,
 * its lower part keeps the key, because it ends where the node ended, and the new upper part gets one of its own.
 */
export type NodeKey = string;

/** node n -> [2n] upper and [2n + 1] lower half of its key */
export type NodeKeys = Uint32Array;

const HEX = 16;
const DIGITS = 8;

/** Whether a text is written like a key; a row number of an older link is not. */
export function isNodeKey(text: unknown): text is NodeKey {
  return typeof text === 'string' && /^[0-9a-f]{16}$/.test(text);
}

export function nodeKeyOf(keys: NodeKeys, n: number): NodeKey {
  return hex(keys[2 * n]) + hex(keys[2 * n + 1]);
}

function hex(word: number): string {
  return word.toString(HEX).padStart(DIGITS, '0');
}

/** Which of 2^16 low halves are looked for: one pass over all nodes then seldom needs more than one look. */
const FILTER_BITS = 16;
const FILTER_MASK = 2 ** FILTER_BITS - 1;

/** @returns for every key the node that has it, NONE where none has (or the text is no key). One pass over `keys`. */
export function locateNodes(keys: NodeKeys, wanted: readonly NodeKey[]): Int32Array<ArrayBuffer> {
  const found = new Int32Array(wanted.length).fill(NONE);
  const filter = new Uint8Array(2 ** FILTER_BITS);
  const places = new Map<NodeKey, number[]>();
  for (const [place, key] of wanted.entries()) {
    if (!isNodeKey(key)) continue;
    const known = places.get(key);
    if (known) known.push(place);
    else places.set(key, [place]);
    filter[Number.parseInt(key.slice(DIGITS), HEX) & FILTER_MASK] = 1;
  }
  if (places.size === 0) return found;
  for (let i = 1; i < keys.length; i += 2) {
    if (filter[keys[i] & FILTER_MASK] === 0) continue;
    const n = i >> 1;
    for (const place of places.get(nodeKeyOf(keys, n)) ?? []) found[place] = n;
  }
  return found;
}

/** The node of that key, or NONE. */
export function locateNode(keys: NodeKeys, key: NodeKey): number {
  if (!isNodeKey(key)) return NONE;
  const high = Number.parseInt(key.slice(0, DIGITS), HEX);
  const low = Number.parseInt(key.slice(DIGITS), HEX);
  for (let i = 0; i < keys.length; i += 2) if (keys[i] === high && keys[i + 1] === low) return i >> 1;
  return NONE;
}
