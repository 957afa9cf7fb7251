/** Generated trajectories as the batch that a parse worker sends: rollouts of a task that fork from one another. */
import { CHANNELS, type RolloutRow, type TrajectoryBatch } from '../../../src/core/model/batch.ts';
import { FLAG, KIND, NONE } from '../../../src/core/model/kinds.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';

export interface ForkShape {
  readonly tasks: number;
  readonly rollouts: number;
  /** Tokens of each trajectory. */
  readonly tokens: number;
  /** Share of a trajectory that its rollout copies from an earlier one of its task. */
  readonly shared: number;
  /** Tokens of each segment. */
  readonly segment: number;
}

export function makeTrajectories(shape: ForkShape, seed = 1): TrajectoryBatch {
  const random = makeRandom(seed);
  const count = shape.tasks * shape.rollouts;
  const tokens = new Int32Array(count * shape.tokens);
  const rollouts: RolloutRow[] = [];
  for (let t = 0; t < count; t++) {
    const task = Math.floor(t / shape.rollouts);
    const from = t * shape.tokens;
    const copied = t % shape.rollouts === 0 ? 0 : Math.floor(shape.tokens * shape.shared);
    const earlier = task * shape.rollouts + Math.floor(random() * (t % shape.rollouts));
    tokens.copyWithin(from, earlier * shape.tokens, earlier * shape.tokens + copied);
    for (let i = copied; i < shape.tokens; i++) tokens[from + i] = Math.floor(random() * 200_000);
    rollouts.push({
      id: `r${t}`,
      task: `t${task}`,
      taskLabel: `t${task}`,
      source: 0,
      line: t + 1,
      address: { unit: 'bytes', start: t, size: 1, member: 0 },
      reward: null,
      advantage: null,
      status: '',
      policy: '',
      startedAt: null,
    });
  }
  const perTrajectory = Math.ceil(shape.tokens / shape.segment);
  const segments = count * perTrajectory;
  const segmentStart = Int32Array.from(
    { length: segments },
    (_, s) => Math.floor(s / perTrajectory) * shape.tokens + (s % perTrajectory) * shape.segment,
  );
  return {
    rollouts,
    trajectoryRollout: Int32Array.from({ length: count }, (_, t) => t),
    trajectoryBranch: new Int32Array(count),
    trajectoryStart: Int32Array.from({ length: count + 1 }, (_, t) => t * shape.tokens),
    tokens,
    trajectorySegment: Int32Array.from({ length: count + 1 }, (_, t) => t * perTrajectory),
    segmentStart,
    segmentKind: Uint8Array.from(segmentStart, (_, s) => (s % 2 === 0 ? KIND.result : KIND.text)),
    segmentFlags: Uint8Array.from(segmentStart, (_, s) => (s % 2 === 0 ? 0 : FLAG.sampled)),
    segmentTool: new Int32Array(segments).fill(NONE),
    segmentAction: new Int32Array(segments).fill(NONE),
    tools: [],
    actions: [],
    channels: CHANNELS.map(() => null),
  };
}
