/** Asks rollouts anew: their records are read again by address on the pool, and only what is found in them leaves it. */
import type { RolloutRow } from '../../core/model/batch.ts';
import type { Unsearched } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import { jobsOf, STOPS } from '../growth/reread.ts';
import { refuseChanged } from '../identity.ts';
import { makeLanes } from '../lanes.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { ParseJob, ParseReply } from '../parse-job.ts';
import type { ParsePool } from '../pool.ts';
import { addressKey } from '../take-rollout.ts';

/** Small enough that a search that is given up leaves its threads soon. */
const JOB_BYTES = 4 << 20;

interface Reading<T> {
  readonly dataset: Dataset;
  readonly pool: ParsePool;
  readonly what: Pick<ParseJob, 'look' | 'survey'>;
  /** Of the dataset. */
  readonly rollouts: readonly number[];
  readonly signal: AbortSignal;
  /** What a reply holds of it. */
  readonly found: (reply: ParseReply) => readonly T[] | undefined;
  /** Told of each rollout that was looked at, in any order. */
  readonly take: (rollout: number, found: T) => void;
  /** Told of bytes that were read. */
  readonly onBytes: (bytes: number) => void;
}

/** Bytes of the records that hold these rollouts, each once. */
export function bytesOf({ tokens }: Dataset, rollouts: readonly number[]): number {
  const seen = new Set<string>();
  let bytes = 0;
  for (const rollout of rollouts) {
    const row = tokens.rollouts[rollout];
    const record = `${row?.source} ${row?.address.start}`;
    if (row === undefined || seen.has(record)) continue;
    seen.add(record);
    bytes += row.address.size;
  }
  return bytes;
}

/**
 * Rejects with ChangedInput where a file has changed since it was opened, and once the signal is aborted. Those of inputs without
 * messages have no texts: nothing is told of them.
 * @returns what could not be read, or null
 */
export async function readAgain<T extends { readonly start: number; readonly member: number }>({
  dataset,
  pool,
  what,
  rollouts,
  signal,
  found: foundIn,
  take,
  onBytes,
}: Reading<T>): Promise<Unsearched | null> {
  const { inputs } = dataset.opening;
  const rowsOf = new Map<number, RolloutRow[]>();
  const indexOf = new Map<number, Map<string, number>>();
  for (const rollout of rollouts) {
    const row = dataset.tokens.rollouts[rollout];
    if (row === undefined || inputs[row.source]?.format?.hasMessages !== true) continue;
    const rows = rowsOf.get(row.source) ?? [];
    const indices = indexOf.get(row.source) ?? new Map<string, number>();
    rows.push(row);
    indices.set(addressKey(row.address), rollout);
    rowsOf.set(row.source, rows);
    indexOf.set(row.source, indices);
  }
  const lanes = makeLanes(pool.size);
  const read: OpenedInput[] = [];
  let why: string | null = null;
  for (const [source, rows] of rowsOf) {
    const input = inputs[source];
    if (input === undefined) continue;
    read.push(input);
    const indices = indexOf.get(source);
    const takeReply = (reply: ParseReply): void => {
      for (const issue of reply.issues)
        if (STOPS.has(issue.code)) why ??= `${input.path}: expected ${issue.expected}, found ${issue.found}`;
      if (reply.unread !== undefined) why ??= `${input.fileName} cannot be read ${reply.unread}`;
      for (const found of foundIn(reply) ?? []) {
        const key = `${found.start}:${found.member}`;
        const rollout = indices?.get(key);
        if (rollout === undefined) continue;
        indices?.delete(key);
        take(rollout, found);
      }
      onBytes(reply.bytes);
    };
    for (const job of jobsOf(rows, source, input, JOB_BYTES)) {
      signal.throwIfAborted();
      // Not handed the signal: a thread at work is ended by that, and a search is given up at every letter that is typed.
      await lanes.run(() => pool.parse({ ...job, ...what }, input.file.handle, takeReply));
    }
  }
  await lanes.finish();
  signal.throwIfAborted();
  await refuseChanged(read);
  const missing = [...indexOf.values()].reduce((sum, indices) => sum + indices.size, 0);
  return missing === 0 ? null : { rollouts: missing, why: why ?? 'their records no longer yield them' };
}
