/** Where segments are complete in a tree that does not say: forest exports before version 3. */
import { ENDING, endingsOf, FLAG, NONE } from '../model/kinds.ts';

/** All parallel to the nodes, parents first. `tool`: anything that can be compared. */
export interface TreeShape {
  readonly parent: ArrayLike<number>;
  readonly kind: ArrayLike<number>;
  readonly tool: ArrayLike<unknown>;
  readonly flags: ArrayLike<number>;
}

/**
 * node -> bits as in `ENDING`. A node that ends inside a segment does so because trajectories part there: it is open, has
 * several children, and they carry its kind and tool. Where a shared beginning is of another kind than what most go on
 * with, this counts it too; hence trees have a column of their own. [ours]
 */
export function guessEndings({ parent, kind, tool, flags }: TreeShape): Uint16Array {
  const children = new Int32Array(parent.length);
  for (let n = 0; n < parent.length; n++) if (parent[n] !== NONE) children[parent[n]]++;
  const ends = Uint8Array.from(children, (count) => (count === 0 ? 1 : 0));
  const turnGoesOn = new Uint8Array(parent.length);
  for (let n = 0; n < parent.length; n++) {
    const p = parent[n];
    if (p === NONE) continue;
    const goesOn = children[p] > 1 && (flags[p] & FLAG.open) !== 0 && kind[p] === kind[n] && tool[p] === tool[n];
    if (!goesOn) ends[p] = 1;
    if ((flags[n] & FLAG.final) !== 0) turnGoesOn[p] = 1;
  }
  return Uint16Array.from(ends, (is, n) => {
    const final = (flags[n] & FLAG.final) !== 0 && turnGoesOn[n] === 0 ? ENDING.final : 0;
    return (is === 1 ? endingsOf(kind[n], flags[n]) : 0) | final;
  });
}
