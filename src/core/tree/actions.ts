/** The action tree's keys: every event of a trajectory reduced to the integer that names its canonical action. */
import { makeGrowable, push, trimmed } from '../../base/growable.ts';
import { CHANNELS, KIND, NONE } from '../model.ts';
import type { TrajectoryBatch } from '../model.ts';

/** A batch whose keys are indices into its `actions`; the forest builder numbers them over all batches. */
export interface ActionBatch extends TrajectoryBatch {
  /** key (parallel to `tokens`) -> tokens of its trajectory up to the end of that action's segment */
  readonly actionEnd: Int32Array<ArrayBuffer>;
}

/** The one key of a trajectory that has no action at all, so that both trees keep the same trajectories. */
export const NO_ACTION = '';

/**
 * The same trajectories with one key for each event-like segment: scaffold, thinking and segments without an action
 * are left out; kinds, flags and tools are kept. Each key is a segment of its own.
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
    for (let s = batch.trajectorySegment[t]; s < segmentEnd; s++) {
      const segmentKind = batch.segmentKind[s];
      if (batch.segmentAction[s] === NONE || segmentKind === KIND.scaffold || segmentKind === KIND.thinking) continue;
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
