/** The action tree's keys: every event of a trajectory reduced to the integer that names its canonical action. */
import { makeGrowable, push, trimmed } from '../../base/growable.ts';
import { CHANNELS } from '../model/batch.ts';
import { FLAG, KIND, NONE } from '../model/kinds.ts';
import type { TrajectoryBatch } from '../model/batch.ts';
import { TALK_KINDS } from '../tokens/actions.ts';

/** A batch whose keys are indices into its `actions`; the forest builder numbers them over all batches. */
export interface ActionBatch extends TrajectoryBatch {
  /** key (parallel to `tokens`) -> tokens of its trajectory up to the end of that action's segment */
  readonly actionEnd: Int32Array<ArrayBuffer>;
}

/** The one key of a trajectory that has no action at all, so that both trees keep the same trajectories. */
export const NO_ACTION = '';

/** What an agent does and what comes of it. */
const ACTING_KINDS = (1 << KIND.call) | (1 << KIND.memory) | (1 << KIND.result) | (1 << KIND.summary);
/** What is said; thinking and scaffold are never keys. */
const TALK = TALK_KINDS.reduce((bits, kind) => bits | (1 << KIND[kind]), 0);

/**
 * The same trajectories with one key for each segment that is an action; kinds, flags and tools are kept, and each key
 * is a segment of its own.
 *
 * A trajectory that calls tools is reduced to its actions: calls, memory, results, summaries. What is said between them
 * is worded anew every time and would part runs that do the same (tau2 and tau-bench rollouts share 37 % and 24 % of
 * their actions this way, 6 % and 4 % where talk counts as well). In a trajectory without calls, talk from the first sampled segment on
 * is what it did. Segments whose action is NONE are left out. [ours]
 */
export function actionTrajectories(batch: TrajectoryBatch): ActionBatch {
  const count = batch.trajectoryRollout.length;
  const tokens = makeGrowable(Int32Array);
  const actionEnd = makeGrowable(Int32Array);
  const kind = makeGrowable(Uint8Array);
  const flags = makeGrowable(Uint8Array);
  const tool = makeGrowable(Int32Array);
  const start = new Int32Array(count + 1);
  for (let t = 0; t < count; t++) {
    const segmentEnd = batch.trajectorySegment[t + 1];
    const { kinds, from } = actionsOf(batch, t);
    for (let s = from; s < segmentEnd; s++) {
      const segmentKind = batch.segmentKind[s];
      if (batch.segmentAction[s] === NONE || ((kinds >> segmentKind) & 1) === 0) continue;
      const stop = s + 1 < segmentEnd ? batch.segmentStart[s + 1] : batch.trajectoryStart[t + 1];
      push(tokens, batch.segmentAction[s]);
      push(actionEnd, stop - batch.trajectoryStart[t]);
      push(kind, segmentKind);
      push(flags, batch.segmentFlags[s]);
      push(tool, batch.segmentTool[s]);
    }
    if (tokens.length === start[t]) {
      push(tokens, batch.actions.length);
      push(actionEnd, batch.trajectoryStart[t + 1] - batch.trajectoryStart[t]);
      push(kind, KIND.scaffold);
      push(flags, 0);
      push(tool, NONE);
    }
    start[t + 1] = tokens.length;
  }
  const keys = trimmed(tokens);
  return {
    rollouts: batch.rollouts,
    trajectoryRollout: batch.trajectoryRollout,
    trajectoryBranch: batch.trajectoryBranch,
    ...(batch.trajectoryReward === undefined ? {} : { trajectoryReward: batch.trajectoryReward }),
    ...(batch.trajectoryAdvantage === undefined ? {} : { trajectoryAdvantage: batch.trajectoryAdvantage }),
    trajectoryStart: start,
    tokens: keys,
    trajectorySegment: start,
    segmentStart: Int32Array.from(keys, (_, i) => i),
    segmentKind: trimmed(kind),
    segmentFlags: trimmed(flags),
    segmentTool: trimmed(tool),
    segmentAction: keys,
    tools: batch.tools,
    actions: [...batch.actions, NO_ACTION],
    channels: CHANNELS.map(() => null),
    actionEnd: trimmed(actionEnd),
  };
}

/** Which kinds are this trajectory's actions, and from which segment on. */
function actionsOf(batch: TrajectoryBatch, t: number): { kinds: number; from: number } {
  const start = batch.trajectorySegment[t];
  const end = batch.trajectorySegment[t + 1];
  let firstSampled = end;
  for (let s = start; s < end; s++) {
    const kind = batch.segmentKind[s];
    if (kind === KIND.call || kind === KIND.memory) return { kinds: ACTING_KINDS, from: start };
    if (firstSampled === end && (batch.segmentFlags[s] & FLAG.sampled) !== 0) firstSampled = s;
  }
  return { kinds: ACTING_KINDS | TALK, from: firstSampled };
}
