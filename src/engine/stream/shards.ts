/** Tasks in the order of their keys, cut into shards that fit in memory; each shard holds whole tasks. */
import type { RolloutRow } from '../../core/model/batch.ts';
import { compareTexts } from '../../core/tree/input-order.ts';
import { settledRows, type IndexedLog } from './index-log.ts';
import type { MakeSpill, Spill } from './spill.ts';

export interface Shard {
  readonly tasks: number;
  readonly bytes: number;
  readonly rows: Spill<readonly RolloutRow[]>;
}

/** Rows that are held for a shard before they go to its spill. */
const HELD = 512;

/** task -> shard, ascending in the order of the tasks' keys. A task larger than `most` bytes is a shard of its own. */
function planShards(tasks: ReadonlyMap<string, number>, most: number): Map<string, number> {
  const shardOf = new Map<string, number>();
  let shard = 0;
  let held = 0;
  for (const [key, bytes] of [...tasks].sort(([a], [b]) => compareTexts(a, b))) {
    if (held > 0 && held + bytes > most) {
      shard++;
      held = 0;
    }
    shardOf.set(key, shard);
    held += bytes;
  }
  return shardOf;
}

/** The second look at the index: each row goes to the shard of its task. The index is let go. */
export async function fillShards(index: IndexedLog, most: number, makeSpill: MakeSpill): Promise<Shard[]> {
  const shardOf = planShards(index.tasks, most);
  const sizes: { tasks: number; bytes: number }[] = [];
  for (const [key, shard] of shardOf) {
    const size = (sizes[shard] ??= { tasks: 0, bytes: 0 });
    size.tasks++;
    size.bytes += index.tasks.get(key) ?? 0;
  }
  const shards = sizes.map((size, i) => ({ ...size, rows: makeSpill<readonly RolloutRow[]>(`shard-${i}`), held: [] as RolloutRow[] }));
  for await (const rows of settledRows(index)) {
    for (const row of rows) {
      const shard = shards[shardOf.get(row.task) ?? 0];
      if (shard === undefined) continue;
      shard.held.push(row);
      if (shard.held.length >= HELD) shard.rows.add(shard.held.splice(0));
    }
  }
  index.rows.drop();
  for (const { rows, held } of shards) if (held.length > 0) rows.add(held.splice(0));
  return shards.map(({ tasks, bytes, rows }) => ({ tasks, bytes, rows }));
}
