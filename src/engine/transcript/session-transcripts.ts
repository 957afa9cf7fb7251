/** The verbs of a session about the conversation of one rollout. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNode, type NodeKey } from '../../core/model/node-key.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { unpackBranchEnds } from '../../core/tokens/event-ends.ts';
import { makeMemoryRule } from '../../core/tokens/memory-rules.ts';
import { originOf } from '../../core/tokens/token-origin.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { pathTo, trajectoriesThrough } from '../../core/tree/navigate.ts';
import type { OpenSettings } from '../answers/opening.ts';
import type { TreeView } from '../answers/drawing.ts';
import type {
  TokenAlternatives,
  Transcript,
  TranscriptBody,
  TranscriptFork,
  TranscriptState,
  TranscriptTokens,
} from '../answers/transcript.ts';
import type { Dataset } from '../dataset.ts';
import type { Orders } from '../orders.ts';
import type { ReadBack } from '../read-back.ts';
import { keyAt, rolloutOf } from '../rollouts/rollout-of.ts';
import type { ModelColumns } from '../score/columns.ts';
import { weightsIn } from '../training/shares.ts';
import { moved } from '../transferables.ts';
import { loggedAlternatives, tokenAlternatives } from './alternatives.ts';
import { bodiesOf, type BodyAsked } from './bodies.ts';
import { isDecodable, makeConversations, type Conversations } from './conversation.ts';
import { forkAt } from './forks.ts';
import { idsWithin } from './part-starts.ts';
import { trajectoryOf, transcriptOf } from './skeleton.ts';
import { transcriptState } from './state.ts';
import { transcriptTokens } from './tokens.ts';

export interface SessionTranscripts {
  /**
   * The conversation without its text. Null: the open log has no such rollout.
   * @param branch clipped to those that there are; null: the first that runs through `node`, else the first
   */
  transcript(key: RolloutKey, branch: number | null, node: NodeKey | null): Promise<Transcript | null>;
  /**
   * Whose trajectory it is. Null: the open log has no such node, or fewer end there.
   * @param nth among those that end at the node, from 0
   */
  trajectoryEnding(view: TreeView, node: NodeKey, nth: number): { readonly rollout: RolloutKey; readonly branch: number } | null;
  /** Chunks of bodies of a branch, in the order in which they are asked for. */
  transcriptBodies(key: RolloutKey, branch: number, asked: readonly BodyAsked[]): Promise<readonly TranscriptBody[]>;
  /** Of `Transcript.forks`, those from `from` on. */
  transcriptForks(key: RolloutKey, branch: number, from: number, count: number): Promise<readonly TranscriptFork[]>;
  /** What the order and the budget make of the branch's path; null where the order's forest lacks it. */
  transcriptState(orderId: number, budget: Budget, key: RolloutKey, branch: number): TranscriptState | null;
  /** Tokens [from, to) of the branch's trajectory; with weights where an order is named. */
  transcriptTokens(
    key: RolloutKey,
    branch: number,
    from: number,
    to: number,
    order: { readonly orderId: number; readonly budget: Budget } | null,
  ): Promise<TranscriptTokens | null>;
  /** What else was likely at a token of the branch, as logged; null where the log does not say. */
  transcriptAlternatives(key: RolloutKey, branch: number, token: number): Promise<TokenAlternatives | null>;
}

/** What of a session they need. */
interface TranscriptContext {
  /** Throws where nothing is open. */
  readonly opened: () => {
    readonly dataset: Dataset;
    readonly readBack: ReadBack;
    readonly tokenizer: Tokenizer;
    readonly settings: OpenSettings;
  };
  readonly model: () => ModelColumns | null;
  readonly orders: Orders;
}

export function makeSessionTranscripts({ opened, model, orders }: TranscriptContext): SessionTranscripts {
  let held: { readonly dataset: Dataset; readonly conversations: Conversations } | null = null;
  const conversations = (): Conversations => {
    const { dataset, readBack, tokenizer } = opened();
    if (held?.dataset !== dataset) held = { dataset, conversations: makeConversations(dataset, readBack, tokenizer) };
    return held.conversations;
  };
  /** Decodes the ids of a trajectory; null: no tokenizer at hand made them. */
  const decoderOf = (trajectory: number): Tokenizer | null => {
    const { dataset, tokenizer } = opened();
    return trajectory !== NONE && isDecodable(dataset, tokenizer, trajectory) ? tokenizer : null;
  };
  return {
    async transcript(key, asked, node) {
      const { dataset, tokenizer, settings } = opened();
      const rollout = rolloutOf(dataset, key);
      if (rollout === NONE) return null;
      const branch = asked ?? branchThrough(dataset, rollout, node);
      const said = await conversations().of(rollout);
      const isReadable = decoderOf(trajectoryOf(dataset.tokens.forest, rollout, branch)) !== null;
      const context = { dataset, encoder: tokenizer, isMemory: makeMemoryRule(settings.memoryTools), isReadable };
      return moved(transcriptOf(context, key, rollout, branch, said));
    },
    trajectoryEnding(view, key, nth) {
      const { dataset } = opened();
      const { forest } = dataset[view];
      const node = locateNode(forest.keys, key);
      if (node === NONE) return null;
      // Those that end at a node stand before those that go on.
      const trajectory = trajectoriesThrough(forest, node)[nth];
      if (trajectory === undefined || forest.trajectories.leaf[trajectory] !== node) return null;
      const { rollout, branch } = forest.trajectories;
      return { rollout: keyAt(dataset, rollout[trajectory] ?? 0), branch: branch[trajectory] ?? 0 };
    },
    async transcriptBodies(key, branch, asked) {
      const rollout = rolloutOf(opened().dataset, key);
      if (rollout === NONE) throw new Error(`no rollout of the open log has the key ${key}`);
      return bodiesOf(await conversations().of(rollout), branch, asked);
    },
    async transcriptForks(key, branch, from, count) {
      const { dataset } = opened();
      const { path, trajectory } = pathOf(dataset, key, branch);
      const { forest } = dataset.tokens;
      const tokenizer = decoderOf(trajectory);
      const keyOf = (rollout: number): RolloutKey => keyAt(dataset, rollout);
      const steps: number[] = [];
      for (let step = 0; step + 1 < path.length && steps.length < from + count; step++)
        if ((forest.reachCount[path[step + 1] ?? 0] ?? 0) < (forest.reachCount[path[step] ?? 0] ?? 0)) steps.push(step);
      return steps.slice(from).map((step) => forkAt({ forest, tokenizer, keyOf }, path, step));
    },
    transcriptState(orderId, budget, key, branch) {
      const ruling = orders.of(orderId);
      const { path } = pathOf(ruling.dataset, key, branch);
      return path.length === 0 ? null : moved(transcriptState(ruling, orders.keepOf(orderId, budget), path));
    },
    async transcriptTokens(key, branch, from, to, order) {
      const { dataset } = opened();
      const { path, trajectory } = pathOf(dataset, key, branch);
      if (trajectory === NONE) return null;
      const tokenizer = decoderOf(trajectory);
      const rollout = rolloutOf(dataset, key);
      const said = await conversations().of(rollout);
      const asked = order === null ? null : orders.of(order.orderId);
      // Rows of another forest mean nothing in this one.
      const ruling = asked?.problem.forest.edgeTokens === dataset.tokens.forest.edgeTokens ? asked : null;
      return moved(
        transcriptTokens(
          {
            forest: dataset.tokens.forest,
            trajectory,
            path,
            tokenizer,
            model: model(),
            events: said.branches[branch]?.events ?? [],
            ends: endsOf(dataset, rollout, branch),
            advantages: ruling?.scores.trajectoryAdvantage ?? null,
            weightsOf: ruling === null || order === null ? null : weightsIn(ruling, orders.keepOf(order.orderId, order.budget)),
          },
          from,
          to,
        ),
      );
    },
    async transcriptAlternatives(key, branch, token) {
      const { dataset, tokenizer } = opened();
      const rollout = rolloutOf(dataset, key);
      const row = dataset.tokens.rollouts[rollout];
      const origin = originOf(row?.tokensFrom, branch)?.origin;
      if (origin === undefined) return null;
      const ends = endsOf(dataset, rollout, branch);
      const event = ends.findIndex((end) => token < end);
      const said = (await conversations().of(rollout)).branches[branch]?.events[event];
      if (said === undefined) return null;
      const from = ends[event - 1] ?? 0;
      if (origin === 'logged') return loggedAlternatives(said, token - from);
      const { path } = pathOf(dataset, key, branch);
      const ids = [...idsWithin({ forest: dataset.tokens.forest, path }, from, ends[event] ?? 0)];
      return tokenAlternatives(said, ids, token - from, tokenizer);
    },
  };
}

function branchThrough({ tokens: { forest } }: Dataset, rollout: number, key: NodeKey | null): number {
  const node = key === null ? NONE : locateNode(forest.keys, key);
  const { rollout: rollouts, branch } = forest.trajectories;
  let first = Infinity;
  if (node !== NONE)
    for (const t of trajectoriesThrough(forest, node)) if (rollouts[t] === rollout) first = Math.min(first, branch[t] ?? 0);
  return first === Infinity ? 0 : first;
}

/** event -> tokens of the branch up to its end; none where the input has no events. */
function endsOf({ tokens }: Dataset, rollout: number, branch: number): Int32Array {
  return unpackBranchEnds(tokens.rollouts[rollout]?.eventEnds ?? '')[branch] ?? new Int32Array(0);
}

/** Nodes of a branch, root first; none where it has no tokens. */
function pathOf(dataset: Dataset, key: RolloutKey, branch: number): { readonly path: Int32Array; readonly trajectory: number } {
  const { forest } = dataset.tokens;
  const rollout = rolloutOf(dataset, key);
  const trajectory = rollout === NONE ? NONE : trajectoryOf(forest, rollout, branch);
  return { path: trajectory === NONE ? new Int32Array(0) : pathTo(forest, forest.trajectories.leaf[trajectory] ?? 0), trajectory };
}
