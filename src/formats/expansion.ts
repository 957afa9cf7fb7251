/** How much a record stands for once what its branches share is written out for each of them. */
import { EXPANSION_PER_BYTE, MAX_EXPANSION, MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import type { Rollout } from '../core/model/rollout.ts';
import type { Complaint } from './format.ts';

const TOKEN_BYTES = 4;
/** Of a message or a node, beside its tokens. */
const PIECE_BYTES = 16;

/** Bytes that a record of so many bytes may stand for. */
export function expansionRoom(bytes: number): number {
  return MAX_EXPANSION + EXPANSION_PER_BYTE * bytes;
}

/** Bytes of a rollout over all its branches: four for each token, or one for each character where a message has no ids. */
export function expansionOf({ branches }: Rollout): number {
  let size = 0;
  for (const { events } of branches)
    for (const { tokens, parts } of events) {
      size += PIECE_BYTES;
      if (tokens?.ids !== undefined) size += TOKEN_BYTES * tokens.ids.length;
      else for (const { text } of parts) size += text.length;
    }
  return size;
}

/** The same of the paths to these leaves of a tree. */
export function expansionOfPaths(
  parent: ArrayLike<number>,
  tokens: ArrayLike<ArrayLike<number>>,
  leaves: Iterable<number | undefined>,
): number {
  const above = new Float64Array(parent.length);
  for (let n = 0; n < parent.length; n++) {
    const up = parent[n]!;
    above[n] = (up < 0 ? 0 : above[up]!) + PIECE_BYTES + TOKEN_BYTES * tokens[n]!.length;
  }
  let size = 0;
  for (const leaf of leaves) size += leaf === undefined ? 0 : (above[leaf] ?? 0);
  return size;
}

/** What is said of a record whose branches come to `size` bytes where there is room for `room`. */
export function tooMuch(size: number, room: number): Complaint {
  const exact = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;
  return {
    code: 'expansion',
    expected: `a record whose branches come to at most ${exact(room)} once each is written out`,
    found: exact(size),
  };
}

/** Messages on all paths of a message graph, if they are more than a rollout may have. */
export function tooManyMessages(parents: Int32Array): Complaint | null {
  const depth = new Float64Array(parents.length);
  const isParent = new Uint8Array(parents.length);
  for (let n = 0; n < parents.length; n++) {
    const parent = parents[n]!;
    depth[n] = (depth[parent] ?? 0) + 1;
    if (parent >= 0) isParent[parent] = 1;
  }
  const messages = depth.reduce((sum, own, n) => (isParent[n] === 1 ? sum : sum + own), 0);
  return messages <= MAX_ROLLOUT_MESSAGES ? null : manyMessages(messages.toLocaleString('en'));
}

/** What is said where a rollout has more messages than it may. @param found how many; where they are not counted to the end: more */
export function manyMessages(found = `more than ${MAX_ROLLOUT_MESSAGES.toLocaleString('en')}`): Complaint {
  const expected = `at most ${MAX_ROLLOUT_MESSAGES.toLocaleString('en')} messages over all branches of a rollout`;
  return { code: 'expansion', expected, found };
}
