/** Reads rollouts again by their address, for tasks that are built anew because others of their rollouts went. */
import { addressText } from '../../core/model/address.ts';
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import type { Issue } from '../../core/model/issue.ts';
import { refuseChanged } from '../identity.ts';
import { baseName } from '../input-names.ts';
import { makeLanes } from '../lanes.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { ParseJob, ParseReply } from '../parse-job.ts';
import type { ParsePool } from '../pool.ts';
import { addressKey } from '../take-rollout.ts';
import { selectRollouts } from './select-rollouts.ts';

const JOB_BYTES = 16 << 20;
/** Codes of records that stopped their thread (`retries.ts`): the file has not changed. */
export const STOPS = new Set(['stuck', 'thread-died', 'failed', 'not-read']);

/**
 * @param rows of rollouts to read, with the numbers that their inputs have among `inputs`. Rejects with ChangedInput where a file has
 * changed since it was opened
 */
export async function rereadRollouts(
  rows: readonly RolloutRow[],
  inputs: readonly OpenedInput[],
  pool: ParsePool,
  signal: AbortSignal,
  take: (batch: TrajectoryBatch) => void,
  onReply: (reply: ParseReply) => void = () => undefined,
): Promise<void> {
  for (const [source, ofSource] of rowsBySource(rows)) {
    const input = inputs[source];
    if (!input) throw new Error(`no input ${source}`);
    let unread: string | null = null;
    const wanted = new Map(ofSource.map((row) => [addressKey(row.address), row]));
    const stopped = new Map<number, Issue>();
    const takeReply = (reply: ParseReply): void => {
      signal.throwIfAborted();
      for (const issue of reply.issues) if (STOPS.has(issue.code)) stopped.set(issue.address.start, issue);
      onReply(reply);
      unread ??= reply.unread ?? null;
      const { batch } = reply;
      if (batch === null) return;
      const found = batch.rollouts.map((row) => {
        const key = addressKey(row.address);
        const known = wanted.get(key) ?? null;
        wanted.delete(key);
        return known && withTokensOf(known, row);
      });
      const selected = selectRollouts(batch, found);
      if (selected) take(selected);
    };
    const lanes = makeLanes(pool.size);
    for (const job of jobsOf(ofSource, source, input, JOB_BYTES)) {
      await lanes.run(() => pool.parse(job, input.file.handle, takeReply, signal));
      signal.throwIfAborted();
    }
    await lanes.finish();
    signal.throwIfAborted();
    await refuseChanged([input]);
    if (unread !== null) throw new Error(`${input.fileName} cannot be read ${unread as string}`);
    const [missing] = wanted.values();
    const why = missing && stopped.get(missing.address.start);
    if (why) throw new Error(`${input.path}: the record at ${addressText(why.address)}: expected ${why.expected}, found ${why.found}`);
    if (missing)
      throw new Error(
        `${input.path}: the record at ${addressText(missing.address)} no longer yields rollout ${missing.id}; the file has changed`,
      );
  }
}

/** Number of an input -> its rows, in their order. */
export function rowsBySource(rows: readonly RolloutRow[]): ReadonlyMap<number, readonly RolloutRow[]> {
  const bySource = new Map<number, RolloutRow[]>();
  for (const row of rows) {
    const list = bySource.get(row.source);
    if (list) list.push(row);
    else bySource.set(row.source, [row]);
  }
  return bySource;
}

/** What a row says of its tokens and of what was counted in it, which only reading all of it tells. */
function withTokensOf(known: RolloutRow, { eventEnds, tokensFrom, versions, facts, fieldNames }: RolloutRow): RolloutRow {
  const row = known.facts !== undefined || facts === undefined ? known : { ...known, facts, ...(fieldNames && { fieldNames }) };
  if (eventEnds === undefined) return row;
  return { ...row, eventEnds, ...(tokensFrom === undefined ? {} : { tokensFrom }), ...(versions === undefined ? {} : { versions }) };
}

/** Each record once, in the order of the file. @param jobBytes of records that one job reads */
export function jobsOf(rows: readonly RolloutRow[], source: number, input: OpenedInput, jobBytes: number): ParseJob[] {
  if (input.reader === null) return [];
  const places = new Map<number, { readonly end: number; readonly keys: string[] }>();
  for (const { address } of rows) {
    const known = places.get(address.start);
    if (known) known.keys.push(addressKey(address));
    else places.set(address.start, { end: address.start + address.size, keys: [addressKey(address)] });
  }
  const records = [...places].sort(([a], [b]) => a - b);
  const jobs: ParseJob[] = [];
  for (let from = 0; from < records.length;) {
    let to = from;
    let bytes = 0;
    while (to < records.length && (to === from || bytes < jobBytes)) {
      const [start, { end }] = records[to++] ?? [0, { end: 0 }];
      bytes += end - start;
    }
    const part = records.slice(from, to);
    jobs.push({
      source,
      name: baseName(input.file.path),
      path: input.path,
      format: input.format?.id ?? null,
      reader: input.reader,
      span: {
        start: part[0]?.[0] ?? 0,
        end: part.at(-1)?.[1].end ?? 0,
        records: { starts: Float64Array.from(part, ([start]) => start), ends: Float64Array.from(part, ([, { end }]) => end) },
        firstIndex: 0,
      },
      only: new Set(part.flatMap(([, { keys }]) => keys)),
      ...input.context,
    });
    from = to;
  }
  return jobs;
}
