/** First-fit decreasing: the largest first, each into the first block that has room for it (Johnson 1974). */

/**
 * O(n log n). Sizes are at most `room`.
 * @returns block -> the items in it, in the order in which they are put there
 */
export function firstFitDecreasing(sizes: Int32Array, room: number): number[][] {
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || a - b);
  const blocks: number[][] = [];
  // A tree over blocks: a node holds the most room that any block below it has; blocks that are not begun have all.
  let leaves = 1;
  while (leaves < sizes.length) leaves *= 2;
  const free = new Float64Array(2 * leaves).fill(room);
  for (const item of order) {
    const size = sizes[item];
    if (size > room) throw new Error(`an item of ${size} does not fit into a block of ${room}`);
    let at = 1;
    while (at < leaves) at = free[2 * at] >= size ? 2 * at : 2 * at + 1;
    const block = at - leaves;
    if (block === blocks.length) blocks.push([]);
    blocks[block].push(item);
    free[at] -= size;
    for (at >>= 1; at >= 1; at >>= 1) free[at] = Math.max(free[2 * at], free[2 * at + 1]);
  }
  return blocks;
}
