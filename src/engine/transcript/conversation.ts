/**
 * What a rollout says, as the log holds it; where the log holds token ids and no messages, as decoded from these. Text is read back
 * from the file, and a few rollouts are held.
 */
import { FLAG, KINDS, NONE, type Kind } from '../../core/model/kinds.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { Branch, Part, Role, RolloutEvent } from '../../core/model/rollout.ts';
import { originOf } from '../../core/tokens/token-origin.ts';
import { decodeTokens, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import type { Transcript } from '../answers/transcript.ts';
import type { Dataset } from '../dataset.ts';
import { toolAt } from '../naming.ts';
import type { ReadBack } from '../read-back.ts';

/** Rollouts held at a time: one that is read, and those that its forks lead to. */
const HELD = 4;

export interface Conversation {
  readonly branches: readonly Branch[];
  readonly textFrom: Transcript['textFrom'];
  readonly why: string | null;
}

export interface Conversations {
  /** @param rollout index into the dataset's rollouts */
  of(rollout: number): Promise<Conversation>;
}

export function makeConversations(dataset: Dataset, readBack: ReadBack, tokenizer: Tokenizer): Conversations {
  const held = new Map<number, Promise<Conversation>>();
  const load = async (rollout: number): Promise<Conversation> => {
    const input = dataset.opening.inputs[dataset.tokens.rollouts[rollout]?.source ?? NONE];
    if (input?.format?.hasMessages === false) return fromTokens(dataset, tokenizer, rollout, input.path);
    const { branches } = await readBack.rollout(rollout);
    return { branches, textFrom: 'log', why: null };
  };
  return {
    of(rollout) {
      const known = held.get(rollout);
      const found = known ?? load(rollout);
      // The last one asked for stands last: the first of them goes.
      held.delete(rollout);
      held.set(rollout, found);
      for (const oldest of held.keys()) if (held.size > HELD) held.delete(oldest);
      if (known === undefined)
        found.catch(() => {
          // A file may be as it was before when it is asked for again.
          if (held.get(rollout) === found) held.delete(rollout);
        });
      return found;
    },
  };
}

/** Whether the tokenizer made the ids of a trajectory, or reads them as what the log says they are. */
export function isDecodable({ opening, tokens }: Dataset, tokenizer: Tokenizer, trajectory: number): boolean {
  const { rollout, branch } = tokens.forest.trajectories;
  const row = tokens.rollouts[rollout[trajectory] ?? 0];
  if (opening.inputs[row?.source ?? NONE]?.format?.hasMessages === false) return opening.restored?.tokenizer === tokenizer.name;
  if (originOf(row?.tokensFrom, branch[trajectory] ?? 0)?.origin === 'text' || row?.tokenizer === tokenizer.name) return true;
  const { verifiedRuns, unverifiedRuns } = opening.counts;
  return verifiedRuns > 0 && unverifiedRuns === 0;
}

/** The trajectories of a rollout, in the order of its branches. O(trajectories). */
export function trajectoriesOf({ trajectories }: Forest, rollout: number): number[] {
  const found: number[] = [];
  for (let t = trajectories.rollout.indexOf(rollout); t >= 0; t = trajectories.rollout.indexOf(rollout, t + 1)) found.push(t);
  return found.toSorted((a, b) => (trajectories.branch[a] ?? 0) - (trajectories.branch[b] ?? 0));
}

function fromTokens(dataset: Dataset, tokenizer: Tokenizer, rollout: number, file: string): Conversation {
  const { forest } = dataset.tokens;
  const branches: Branch[] = [];
  const isReadable = dataset.opening.restored?.tokenizer === tokenizer.name;
  for (const t of trajectoriesOf(forest, rollout))
    branches[forest.trajectories.branch[t] ?? 0] = { events: eventsOf(forest, t, isReadable ? tokenizer : null) };
  for (let i = 0; i < branches.length; i++) branches[i] ??= { events: [] };
  const why = isReadable
    ? `${file} holds token ids and no messages: this is what ${tokenizer.name} decodes them to`
    : `${file} holds token ids and no messages, and no tokenizer at hand made these ids; open the original log, or drop its tokenizer.json`;
  return { branches, textFrom: isReadable ? 'tokens' : 'nowhere', why };
}

const ROLE_OF: Readonly<Record<Kind, Role | null>> = {
  system: 'system',
  user: 'user',
  text: 'assistant',
  thinking: 'assistant',
  call: 'assistant',
  memory: 'assistant',
  summary: 'user',
  result: 'tool',
  // A header is of the message that it begins.
  scaffold: null,
};

/** A run of one kind is a part; an event goes on while its role does. */
function eventsOf(forest: Forest, trajectory: number, tokenizer: Tokenizer | null): RolloutEvent[] {
  const events: (RolloutEvent & { readonly parts: Part[] })[] = [];
  const path = pathTo(forest, forest.trajectories.leaf[trajectory] ?? 0);
  let header = 0;
  for (let i = 0; i < path.length;) {
    const first = path[i] ?? 0;
    const kind = KINDS[forest.kind[first] ?? 0] ?? 'text';
    const sampled = hasSampled(forest, trajectory, first);
    let end = i + 1;
    while (end < path.length && isLike(forest, trajectory, first, path[end] ?? 0)) end++;
    const last = path[end - 1] ?? first;
    const from = forest.depth[first] ?? 0;
    const to = (forest.depth[last] ?? 0) + runOf(forest, last);
    const role = ROLE_OF[kind];
    if (role === null && end < path.length) {
      header += to - from;
      i = end;
      continue;
    }
    const tool = toolAt(forest, first);
    const part: Part = {
      kind,
      text: tokenizer === null ? '' : (textOf(forest, path.subarray(i, end), tokenizer) ?? ''),
      tokenCount: to - from + header,
      ...(tool === null ? {} : { tool }),
      ...(((forest.flags[first] ?? 0) & FLAG.error) === 0 ? {} : { error: true }),
    };
    header = 0;
    const open = events.at(-1);
    if (open !== undefined && open.sampled === sampled && open.role === role && role === 'assistant') open.parts.push(part);
    else events.push({ role: role ?? open?.role ?? 'user', sampled, parts: [part] });
    i = end;
  }
  return events;
}

function isLike(forest: Forest, trajectory: number, a: number, b: number): boolean {
  return (
    forest.kind[a] === forest.kind[b] &&
    forest.tool[a] === forest.tool[b] &&
    hasSampled(forest, trajectory, a) === hasSampled(forest, trajectory, b)
  );
}

function runOf({ edgeStart }: Forest, node: number): number {
  return (edgeStart[node + 1] ?? 0) - (edgeStart[node] ?? 0);
}

function textOf(forest: Forest, nodes: Int32Array, tokenizer: Tokenizer): string | null {
  const ids: number[] = [];
  for (const node of nodes)
    for (let at = forest.edgeStart[node] ?? 0; at < (forest.edgeStart[node + 1] ?? 0); at++) ids.push(forest.edgeTokens[at] ?? 0);
  return decodeTokens(tokenizer, ids);
}
