import { expect, it } from 'vitest';
import { icicle } from '../../../src/core/layout/icicle.ts';
import { makeSpine } from '../../../src/core/layout/spine.ts';
import { NONE } from '../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../src/core/tree/build.ts';
import { freeze } from '../../../src/core/tree/freeze.ts';
import { treeShape } from '../../../src/engine/drawing.ts';
import { makeOpening } from '../../../src/engine/open.ts';
import { buffersOf } from '../../../src/engine/transferables.ts';
import { batchFromText } from '../../helpers/treeFromText.ts';

/** Two trajectories of one segment for each token, which part halfway. */
function columnsOf(length: number): ReturnType<typeof treeShape> {
  const builder = makeForestBuilder();
  for (const other of [0, length]) {
    const starts = Int32Array.from({ length }, (_, i) => i);
    builder.add({
      ...batchFromText('A'),
      tokens: starts.map((i) => (i < length / 2 ? i : i + other)),
      segmentStart: starts,
      segmentAction: starts,
      trajectoryStart: Int32Array.of(0, length),
      trajectorySegment: Int32Array.of(0, length),
      segmentKind: new Uint8Array(length),
      segmentFlags: new Uint8Array(length),
      segmentTool: new Int32Array(length).fill(NONE),
    });
  }
  const tokens = freeze(builder);
  return treeShape({ version: 1, complete: true, opening: makeOpening(null), tokens, actions: tokens, tokenizerName: '' }, 0, 'tokens');
}

it('places the nodes of a large tree where the page would, and moves the columns', () => {
  const tree = columnsOf(40_000);
  expect(tree.length).toBe(60_000);
  for (const order of ['arrival', 'left-heavy'] as const) expect(tree.spines?.[order]).toEqual(makeSpine(tree, icicle(tree, order)));
  const moved = buffersOf(tree);
  expect(new Set(moved).size).toBe(moved.length);
  for (const column of [tree.parent, tree.depth, tree.spines?.arrival.children, tree.spines?.['left-heavy'].layout.y0])
    expect(moved).toContain(column?.buffer);
});

it('leaves small trees to the page', () => {
  expect(columnsOf(10)).not.toHaveProperty('spines');
});
