/** Random trajectories that share prefixes, for property tests; and any batch cut into single-rollout batches. */
import fc from 'fast-check';
import { CHANNELS } from '../../src/core/model/batch.ts';
import { FLAG, KINDS, NONE } from '../../src/core/model/kinds.ts';
import type { RolloutRow, TrajectoryBatch } from '../../src/core/model/batch.ts';

interface DrawnSegment {
  readonly tokens: readonly number[];
  readonly kind: number;
  readonly flags: number;
  readonly tool: number;
  readonly action: number;
  readonly values: readonly number[];
}
interface DrawnRollout {
  readonly task: number;
  readonly reward: number | null;
  readonly branches: readonly (readonly DrawnSegment[])[];
}

export interface BatchOptions {
  /** Different first tokens and kinds are rarer the fewer there are. */
  readonly keys?: number;
  readonly maxRollouts?: number;
  /** 'shared': a token's values depend on its prefix alone, so that all trajectories agree; 'free': any; 'none'. */
  readonly values?: 'shared' | 'free' | 'none';
}

const TOOLS = ['search', 'edit', 'bash'];

/** A batch of up to `maxRollouts` rollouts over few keys, hence with many shared prefixes, forks and early ends. */
export function batches({ keys = 2, maxRollouts = 8, values = 'free' }: BatchOptions = {}): fc.Arbitrary<TrajectoryBatch> {
  const segment = fc.record({
    tokens: fc.array(fc.integer({ min: 0, max: keys - 1 }), { minLength: 1, maxLength: 4 }),
    kind: fc.integer({ min: 0, max: KINDS.length - 1 }),
    flags: fc.integer({ min: 0, max: 15 }),
    tool: fc.integer({ min: NONE, max: TOOLS.length - 1 }),
    action: fc.integer({ min: NONE, max: keys }),
    values: fc.array(
      fc.oneof({ weight: 1, arbitrary: fc.constant(Number.NaN) }, { weight: 4, arbitrary: fc.float({ min: 0, max: 8, noNaN: true }) }),
      { minLength: 12, maxLength: 12 },
    ),
  });
  const rollout = fc.record({
    task: fc.integer({ min: 0, max: 1 }),
    reward: fc.option(fc.integer({ min: -2, max: 3 })),
    branches: fc.array(fc.array(segment, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 2 }),
  });
  return fc.array(rollout, { minLength: 1, maxLength: maxRollouts }).map((rollouts) => toBatch(rollouts, values));
}

/** A value in [0, 4) that depends on the tokens up to and including this one, the task and the channel. */
function valueOfPrefix(prefix: readonly number[], salt: number): number {
  let hash = salt + 17;
  for (const token of prefix) hash = Math.imul(hash ^ (token + 1), 0x9e3779b1) ^ (hash >>> 13);
  return ((hash >>> 8) & 1023) / 256;
}

function toBatch(drawn: readonly DrawnRollout[], values: 'shared' | 'free' | 'none'): TrajectoryBatch {
  const rollouts: RolloutRow[] = [];
  const column = {
    rollout: [] as number[],
    branch: [] as number[],
    start: [0],
    segment: [0],
    tokens: [] as number[],
    at: [] as number[],
    kind: [] as number[],
    flags: [] as number[],
    tool: [] as number[],
    action: [] as number[],
  };
  const channels = CHANNELS.map((): number[] => []);
  for (const [r, { task, reward, branches }] of drawn.entries()) {
    rollouts.push({
      id: `r${r}`,
      task: `task ${task}`,
      taskLabel: `task ${task}`,
      source: r % 2,
      line: r,
      address: { unit: 'bytes', start: 10 * (r >> 1), size: 10, member: 0 },
      reward,
      advantage: reward === null ? null : reward / 2,
      status: '',
      policy: '',
      startedAt: null,
    });
    for (const [b, segments] of branches.entries()) {
      column.rollout.push(r);
      column.branch.push(b);
      const prefix: number[] = [];
      for (const { tokens, kind, flags, tool, action, values: free } of segments) {
        column.at.push(column.tokens.length);
        column.kind.push(kind);
        column.flags.push(flags & ~FLAG.mixed);
        column.tool.push(tool);
        column.action.push(action);
        for (const [i, token] of tokens.entries()) {
          column.tokens.push(token);
          prefix.push(token);
          channels.forEach((channel, c) =>
            channel.push(values === 'shared' ? valueOfPrefix(prefix, c + 7 * task) : free[(i * 5 + c) % free.length]),
          );
        }
      }
      column.start.push(column.tokens.length);
      column.segment.push(column.at.length);
    }
  }
  const actions = Array.from({ length: 1 + Math.max(0, ...column.action) }, (_, i) => `action ${i}`);
  return {
    rollouts,
    trajectoryRollout: Int32Array.from(column.rollout),
    trajectoryBranch: Int32Array.from(column.branch),
    trajectoryStart: Int32Array.from(column.start),
    tokens: Int32Array.from(column.tokens),
    trajectorySegment: Int32Array.from(column.segment),
    segmentStart: Int32Array.from(column.at),
    segmentKind: Uint8Array.from(column.kind),
    segmentFlags: Uint8Array.from(column.flags),
    segmentTool: Int32Array.from(column.tool),
    segmentAction: Int32Array.from(column.action),
    tools: TOOLS,
    actions,
    channels: channels.map((values_) => (values === 'none' ? null : Float32Array.from(values_))),
  };
}

/** The batch as one batch per rollout; each numbers its tools and actions in an order of its own. */
export function splitBatch(batch: TrajectoryBatch): TrajectoryBatch[] {
  return batch.rollouts.map((row, r) => {
    const rows = [...batch.trajectoryRollout.keys()].filter((t) => batch.trajectoryRollout[t] === r);
    const flip = r % 2 === 1;
    const turn = (names: readonly string[]) => (flip ? names.toReversed() : [...names]);
    const turnIndex = (index: number, length: number) => (index === NONE || !flip ? index : length - 1 - index);
    const tokens: number[] = [];
    const start = [0];
    const segment = [0];
    const picked: number[] = [];
    const at: number[] = [];
    for (const t of rows) {
      for (let s = batch.trajectorySegment[t]; s < batch.trajectorySegment[t + 1]; s++) {
        picked.push(s);
        at.push(batch.segmentStart[s] - batch.trajectoryStart[t] + start.at(-1)!);
      }
      for (let i = batch.trajectoryStart[t]; i < batch.trajectoryStart[t + 1]; i++) tokens.push(i);
      start.push(tokens.length);
      segment.push(picked.length);
    }
    return {
      rollouts: [row],
      trajectoryRollout: new Int32Array(rows.length),
      trajectoryBranch: Int32Array.from(rows, (t) => batch.trajectoryBranch[t]),
      trajectoryStart: Int32Array.from(start),
      tokens: Int32Array.from(tokens, (i) => batch.tokens[i]),
      trajectorySegment: Int32Array.from(segment),
      segmentStart: Int32Array.from(at),
      segmentKind: Uint8Array.from(picked, (s) => batch.segmentKind[s]),
      segmentFlags: Uint8Array.from(picked, (s) => batch.segmentFlags[s]),
      segmentTool: Int32Array.from(picked, (s) => turnIndex(batch.segmentTool[s], batch.tools.length)),
      segmentAction: Int32Array.from(picked, (s) => turnIndex(batch.segmentAction[s], batch.actions.length)),
      tools: turn(batch.tools),
      actions: turn(batch.actions),
      channels: batch.channels.map((channel) => (channel === null ? null : Float32Array.from(tokens, (i) => channel[i]))),
    };
  });
}
