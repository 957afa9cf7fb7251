/** A packing as runs that can be drawn. */
import { packingFigures, packRecords, type PackedBlocks, type PackedRecords } from '../../../core/prefix/packing.ts';
import type { PackingPicture, PrefixPackingAnswer, PrefixPackingSettings, RecordSet } from '../../answers/prefix-cost.ts';
import type { TaskTree } from './record-sets.ts';

export function packingAnswer(set: RecordSet, trees: readonly TaskTree[], settings: PrefixPackingSettings): PrefixPackingAnswer {
  const { room, across } = settings;
  const packed = packRecords(
    trees.map(({ tree }) => tree),
    room,
    across,
  );
  const { shape, tooLong } = packed;
  const flatTokens = shape.tokens.reduce((sum, tokens) => sum + tokens, 0);
  const treeTokens = shape.tokenStart[shape.length] ?? 0;
  const tasks = trees.map(({ task }) => task);
  const picture = (blocks: PackedBlocks, least: number): PackingPicture => pictureOf(packed, blocks, tasks, least, flatTokens, room);
  return {
    set,
    settings,
    records: shape.end.length,
    flatTokens,
    treeTokens,
    por: flatTokens === 0 ? 0 : 1 - treeTokens / flatTokens,
    tooLong,
    flat: picture(packed.flat, flatTokens),
    tree: picture(packed.tree, treeTokens),
  };
}

function pictureOf(
  { shape, firstSegment }: PackedRecords,
  blocks: PackedBlocks,
  tasks: readonly number[],
  least: number,
  flat: number,
  room: number,
): PackingPicture {
  const figures = packingFigures(blocks, least, flat, room);
  const { start, runTokens, runKind, runSegment, runDepth } = blocks;
  const treeOf = new Int32Array(shape.length);
  for (let t = 0; t + 1 < firstSegment.length; t++) treeOf.fill(t, firstSegment[t], firstSegment[t + 1]);
  return {
    ...figures,
    padding: figures.blocks * room - figures.tokens,
    start,
    runTokens,
    runKind,
    runTask: Int32Array.from(runSegment, (s) => tasks[treeOf[s] ?? 0] ?? 0),
    runDepth,
    runRecords: Int32Array.from(runSegment, (s) => shape.reach[s] ?? 0),
  };
}
