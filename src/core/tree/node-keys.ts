/** Makes the keys of nodes while a forest is frozen: each run is hashed once, from the state in which its parent's ended. */
import { hash128 } from '../../base/hash.ts';
import { NONE } from '../model/kinds.ts';
import type { Forest, TaskRow } from '../model/forest.ts';
import type { NodeKeys } from '../model/node-key.ts';

/**
 * Two 32-bit lanes of multiply, xor and shift that do not wait for each other. Every step is a bijection of the state
 * for a given token and of the token for a given state: siblings, which differ in their first token, part at once.
 * A task's state starts from its key, a child's from its parent's.
 *
 * @param actions key -> canonical action, whose text is hashed instead of its number; empty where keys are token ids
 */
export function nodeKeys(
  { parent, treeStart, edgeStart, edgeTokens }: Pick<Forest, 'parent' | 'treeStart' | 'edgeStart' | 'edgeTokens'>,
  tasks: readonly TaskRow[],
  actions: readonly string[],
): NodeKeys {
  const keys = new Uint32Array(2 * parent.length);
  const words = actions.length === 0 ? null : wordsOf(actions);
  for (const [task, { key }] of tasks.entries()) {
    const seed = wordsOf([key]);
    for (let n = treeStart[task]; n < treeStart[task + 1]; n++) {
      const above = parent[n];
      keys[2 * n] = above === NONE ? seed[0] : keys[2 * above];
      keys[2 * n + 1] = above === NONE ? seed[1] : keys[2 * above + 1];
      if (words === null) addTokens(keys, n, edgeTokens, edgeStart[n], edgeStart[n + 1]);
      else addActions(keys, n, edgeTokens, edgeStart[n], edgeStart[n + 1], words);
    }
  }
  return keys;
}

function addTokens(keys: Uint32Array, n: number, tokens: Int32Array, from: number, to: number): void {
  let high = keys[2 * n] | 0;
  let low = keys[2 * n + 1] | 0;
  for (let i = from; i < to; i++) {
    high = Math.imul(high ^ Math.imul(tokens[i], 0x239b961b), 0x85ebca6b);
    low = Math.imul(low ^ Math.imul(tokens[i], 0xab0e9789), 0xcc9e2d51);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  keys[2 * n] = high;
  keys[2 * n + 1] = low;
}

function addActions(keys: Uint32Array, n: number, actions: Int32Array, from: number, to: number, words: Uint32Array): void {
  let high = keys[2 * n] | 0;
  let low = keys[2 * n + 1] | 0;
  for (let i = from; i < to; i++) {
    high = Math.imul(high ^ Math.imul(words[2 * actions[i]], 0x239b961b), 0x85ebca6b);
    low = Math.imul(low ^ Math.imul(words[2 * actions[i] + 1], 0xab0e9789), 0xcc9e2d51);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  keys[2 * n] = high;
  keys[2 * n + 1] = low;
}

/**
 * One more token on the two lanes of a key: what `nodeKeys` does for token ids.
 * @param state upper and lower half, overwritten
 */
export function continueKey(state: Int32Array, token: number): void {
  const high = Math.imul(state[0] ^ Math.imul(token, 0x239b961b), 0x85ebca6b);
  const low = Math.imul(state[1] ^ Math.imul(token, 0xab0e9789), 0xcc9e2d51);
  state[0] = high ^ (high >>> 15);
  state[1] = low ^ (low >>> 13);
}

/** Two words of each text. */
function wordsOf(texts: readonly string[]): Uint32Array {
  const words = new Uint32Array(2 * texts.length);
  for (const [i, text] of texts.entries()) {
    const digits = hash128(text);
    words[2 * i] = Number.parseInt(digits.slice(0, 8), 16);
    words[2 * i + 1] = Number.parseInt(digits.slice(8, 16), 16);
  }
  return words;
}
