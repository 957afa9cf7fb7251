/** Takes some rollouts of a batch, under the rows they had before. */
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';

/** @param rows rollout of the batch -> its row from now on; null leaves it out. @returns null where nothing is left */
export function selectRollouts(batch: TrajectoryBatch, rows: readonly (RolloutRow | null)[]): TrajectoryBatch | null {
  const rollouts = rows.filter((row) => row !== null);
  if (rollouts.length === rows.length) return { ...batch, rollouts };
  if (rollouts.length === 0) return null;
  const places = new Int32Array(rows.length);
  let next = 0;
  for (const [index, row] of rows.entries()) places[index] = row === null ? -1 : next++;
  const kept: number[] = [];
  for (let t = 0; t < batch.trajectoryRollout.length; t++) if (places[batch.trajectoryRollout[t] ?? 0] !== -1) kept.push(t);
  const tokens = spansOf(batch.trajectoryStart, kept);
  const segments = spansOf(batch.trajectorySegment, kept);
  const shift = new Int32Array(segments.length);
  for (const [k, t] of kept.entries())
    shift.fill((tokens.start[k] ?? 0) - (batch.trajectoryStart[t] ?? 0), segments.start[k], segments.start[k + 1]);
  const { trajectoryReward: reward, trajectoryAdvantage: advantage, segmentEndings: endings } = batch;
  return {
    rollouts,
    trajectoryRollout: Int32Array.from(kept, (t) => places[batch.trajectoryRollout[t] ?? 0] ?? 0),
    trajectoryBranch: Int32Array.from(kept, (t) => batch.trajectoryBranch[t] ?? 0),
    ...(reward === undefined ? {} : { trajectoryReward: Float64Array.from(kept, (t) => reward[t] ?? NaN) }),
    ...(advantage === undefined ? {} : { trajectoryAdvantage: Float64Array.from(kept, (t) => advantage[t] ?? NaN) }),
    trajectoryStart: tokens.start,
    tokens: tokens.take(batch.tokens, new Int32Array(tokens.length)),
    trajectorySegment: segments.start,
    segmentStart: segments.take(batch.segmentStart, new Int32Array(segments.length)).map((start, s) => start + (shift[s] ?? 0)),
    segmentKind: segments.take(batch.segmentKind, new Uint8Array(segments.length)),
    segmentFlags: segments.take(batch.segmentFlags, new Uint8Array(segments.length)),
    ...(endings === undefined ? {} : { segmentEndings: segments.take(endings, new Uint16Array(segments.length)) }),
    segmentTool: segments.take(batch.segmentTool, new Int32Array(segments.length)),
    segmentAction: segments.take(batch.segmentAction, new Int32Array(segments.length)),
    tools: batch.tools,
    actions: batch.actions,
    channels: batch.channels.map((channel) => channel && tokens.take(channel, new Float32Array(tokens.length))),
  };
}

type Column = Int32Array | Uint16Array | Uint8Array | Float32Array;

/** Runs of a column that belong to these trajectories, laid end to end. */
function spansOf(
  starts: Int32Array,
  kept: readonly number[],
): { start: Int32Array; length: number; take: <A extends Column>(column: Column, out: A) => A } {
  const start = new Int32Array(kept.length + 1);
  for (const [k, t] of kept.entries()) start[k + 1] = (start[k] ?? 0) + (starts[t + 1] ?? 0) - (starts[t] ?? 0);
  return {
    start,
    length: start[kept.length] ?? 0,
    take(column, out) {
      for (const [k, t] of kept.entries()) out.set(column.subarray(starts[t], starts[t + 1]), start[k]);
      return out;
    },
  };
}
