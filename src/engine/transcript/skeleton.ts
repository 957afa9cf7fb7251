/** The conversation of one branch without its text: columns by part, its path through the token tree, and the forks on it. */
import { KIND, NONE } from '../../core/model/kinds.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { RolloutEvent } from '../../core/model/rollout.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { unpackBranchEnds } from '../../core/tokens/event-ends.ts';
import { pairParts } from '../../core/tokens/pairs.ts';
import { originOf } from '../../core/tokens/token-origin.ts';
import { kindOf } from '../../core/tokens/tokenisation.ts';
import { byteLength, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { MemoryRule } from '../../core/tokens/memory-rules.ts';
import { pathTo, taskOf, trajectoryCount } from '../../core/tree/navigate.ts';
import { PART, ROLES, type Transcript, type TranscriptPath } from '../answers/transcript.ts';
import type { Dataset } from '../dataset.ts';
import { versionsOf } from '../rollouts/versions.ts';
import { trajectoriesOf, type Conversation } from './conversation.ts';
import { partStarts } from './part-starts.ts';

export interface SkeletonContext {
  readonly dataset: Dataset;
  readonly encoder: Tokenizer;
  readonly isMemory: MemoryRule;
  /** The ids of the branch can be decoded by `encoder`. */
  readonly isReadable: boolean;
}

/** @param branch clipped to those that there are */
export function transcriptOf(context: SkeletonContext, key: RolloutKey, rollout: number, asked: number, said: Conversation): Transcript {
  const { dataset, encoder, isMemory, isReadable } = context;
  const { forest, tasks, rollouts } = dataset.tokens;
  const row = rollouts[rollout];
  if (row === undefined) throw new Error(`expected one of ${rollouts.length} rollouts, found ${rollout}`);
  const branch = Math.max(0, Math.min(asked, said.branches.length - 1));
  const shown = said.branches[branch] ?? { events: [] };
  const trajectory = trajectoryOf(forest, rollout, branch);
  const nodes = trajectory === NONE ? new Int32Array(0) : pathTo(forest, forest.trajectories.leaf[trajectory] ?? 0);
  const ends = eventEnds(row.eventEnds, branch) ?? countedEnds(shown.events);
  const { start, untold } = partStarts(
    shown.events,
    nodes.length === 0
      ? null
      : {
          forest,
          path: nodes,
          ends,
          isLogged: originOf(row.tokensFrom, branch)?.origin !== 'text',
          tokenizer: isReadable ? encoder : null,
          encoder,
          isMemory,
        },
  );
  const task = nodes.length === 0 ? NONE : taskOf(forest, nodes[0] ?? 0);
  const path = pathColumns(forest, nodes, trajectory);
  const input = dataset.opening.inputs[row.source];
  return {
    key,
    id: row.id,
    task: tasks[task]?.key ?? row.task,
    taskLabel: tasks[task]?.label ?? row.taskLabel,
    status: row.status,
    policy: row.policy,
    reward: row.reward ?? NaN,
    file: input?.path ?? '',
    line: row.line,
    branches: said.branches.map(({ cause, reward }, index) => {
      const own = trajectoryOf(forest, rollout, index);
      return {
        branch: index,
        trajectory: own,
        tokens: forest.trajectories.tokenCount[own] ?? 0,
        reward: forest.trajectories.reward[own] ?? reward ?? NaN,
        cause: cause ?? null,
      };
    }),
    branch,
    trajectories: task === NONE ? 0 : trajectoryCount(forest, task),
    textFrom: said.textFrom,
    why: said.why,
    ...partColumns(shown.events, untold, isMemory),
    tokenStart: start,
    path,
    versions: versionsIn(dataset, trajectory),
    forks: forksOf(path),
  };
}

function versionsIn(dataset: Dataset, trajectory: number): Transcript['versions'] {
  const { target, runsOf } = versionsOf(dataset);
  return target === null || trajectory === NONE ? null : { target, runs: runsOf(trajectory) };
}

export function trajectoryOf(forest: Forest, rollout: number, branch: number): number {
  return trajectoriesOf(forest, rollout).find((t) => forest.trajectories.branch[t] === branch) ?? NONE;
}

function eventEnds(packed: string | undefined, branch: number): Int32Array | null {
  return packed === undefined ? null : (unpackBranchEnds(packed)[branch] ?? null);
}

/** Of events whose parts say how many tokens they have. */
function countedEnds(events: readonly RolloutEvent[]): Int32Array {
  let at = 0;
  return Int32Array.from(events, ({ parts }) => (at += parts.reduce((sum, { tokenCount }) => sum + (tokenCount ?? 0), 0)));
}

type PartColumns = Pick<
  Transcript,
  'length' | 'event' | 'role' | 'kind' | 'flags' | 'tool' | 'tools' | 'partner' | 'turn' | 'characters' | 'bytes' | 'images'
>;

/** Kind of the row of an event without parts. */
const EMPTY_KIND = { system: KIND.system, user: KIND.user, assistant: KIND.text, tool: KIND.result } as const;

function partColumns(events: readonly RolloutEvent[], untold: Uint8Array, isMemory: MemoryRule): PartColumns {
  const { length } = untold;
  const columns = {
    length,
    event: new Int32Array(length),
    role: new Uint8Array(length),
    kind: new Uint8Array(length),
    flags: new Uint8Array(length),
    tool: new Int32Array(length).fill(NONE),
    partner: new Int32Array(length).fill(NONE),
    turn: new Int32Array(length),
    characters: new Int32Array(length),
    bytes: new Float64Array(length),
    images: new Int32Array(length),
  };
  const names = new Map<string, number>();
  const pairs = pairParts({ events });
  // A row of an event without parts moves those after it on.
  const rowOf = new Int32Array(pairs.length);
  let row = 0;
  let said = 0;
  let turn = 0;
  events.forEach((event, index) => {
    if (event.sampled) turn++;
    const common = (event.sampled ? PART.sampled : 0) | (event.truncated === true ? PART.truncated : 0);
    for (let i = 0; i < Math.max(1, event.parts.length); i++, row++) {
      const part = event.parts[i];
      columns.event[row] = index;
      columns.role[row] = ROLES.indexOf(event.role);
      columns.turn[row] = turn;
      columns.kind[row] = part === undefined ? EMPTY_KIND[event.role] : KIND[kindOf(part, isMemory)];
      columns.flags[row] =
        common |
        (i === 0 ? PART.first : 0) |
        (part?.error === true ? PART.error : 0) |
        (part?.inline === true ? PART.inline : 0) |
        (untold[row] === 1 ? PART.untold : 0);
      if (part === undefined) continue;
      rowOf[said++] = row;
      columns.characters[row] = part.text.length;
      columns.bytes[row] = byteLength(part.text);
      columns.images[row] = part.images?.length ?? 0;
      if (part.tool !== undefined) {
        const known = names.get(part.tool) ?? names.size;
        names.set(part.tool, known);
        columns.tool[row] = known;
      }
    }
  });
  for (let i = 0; i < pairs.length; i++) if (pairs[i] !== NONE) columns.partner[rowOf[i] ?? 0] = rowOf[pairs[i] ?? 0] ?? NONE;
  return { ...columns, tools: [...names.keys()] };
}

function pathColumns(forest: Forest, nodes: Int32Array, trajectory: number): TranscriptPath {
  const start = new Int32Array(nodes.length + 1);
  const keys = new Uint32Array(2 * nodes.length);
  nodes.forEach((node, step) => {
    start[step] = forest.depth[node] ?? 0;
    keys.set(forest.keys.subarray(2 * node, 2 * node + 2), 2 * step);
  });
  start[nodes.length] = trajectory === NONE ? 0 : (forest.trajectories.tokenCount[trajectory] ?? 0);
  return {
    length: nodes.length,
    start,
    keys,
    kind: Uint8Array.from(nodes, (node) => forest.kind[node] ?? 0),
    reach: Int32Array.from(nodes, (node) => forest.reachCount[node] ?? 0),
  };
}

/** After a step with more trajectories than the next some part or end. At the last step those that end with it do not part. */
function forksOf({ length, reach }: TranscriptPath): Int32Array<ArrayBuffer> {
  const steps: number[] = [];
  for (let step = 0; step + 1 < length; step++) if ((reach[step + 1] ?? 0) < (reach[step] ?? 0)) steps.push(step);
  return Int32Array.from(steps);
}
