/** Where the other trajectories of a task go at the forks of a path: how many, what comes first there, and how they end. */
import type { Forest } from '../../core/model/forest.ts';
import { NONE } from '../../core/model/kinds.ts';
import { nodeKeyOf } from '../../core/model/node-key.ts';
import { decodeTokens, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import { trajectoriesThrough } from '../../core/tree/navigate.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { ForkWay, TranscriptFork } from '../answers/transcript.ts';
import { kindAt, toolAt } from '../naming.ts';

/** Ways told apart at a fork; the others are counted. */
const WAYS = 6;
/** Tokens of the first words, and their length in characters. */
const WORD_TOKENS = 32;
const WORD_LENGTH = 80;

interface ForkContext {
  readonly forest: Forest;
  /** Decodes the task's ids; null: no tokenizer at hand made them. */
  readonly tokenizer: Tokenizer | null;
  readonly keyOf: (rollout: number) => RolloutKey;
}

/**
 * @param path nodes of a branch, root first. @param step of the path: the fork lies at that node's end
 */
export function forkAt(context: ForkContext, path: Int32Array, step: number): TranscriptFork {
  const { forest } = context;
  const node = path[step] ?? 0;
  const next = path[step + 1] ?? NONE;
  const ways: number[] = [];
  let going = 0;
  for (let child = node + 1; child < (forest.subtreeEnd[node] ?? 0); child = forest.subtreeEnd[child] ?? Infinity) {
    going += forest.reachCount[child] ?? 0;
    if (child !== next) ways.push(child);
  }
  ways.sort((a, b) => (forest.reachCount[b] ?? 0) - (forest.reachCount[a] ?? 0) || a - b);
  const ends = endingAt(forest, node);
  return {
    step,
    together: forest.reachCount[node] ?? 0,
    own: next === NONE ? null : wayTo(context, next),
    others: ways.slice(0, WAYS).map((child) => wayTo(context, child)),
    moreWays: Math.max(0, ways.length - WAYS),
    moreCount: ways.slice(WAYS).reduce((sum, child) => sum + (forest.reachCount[child] ?? 0), 0),
    ending: (forest.reachCount[node] ?? 0) - going,
    endingReward: meanReward(forest, ends),
  };
}

function wayTo({ forest, tokenizer, keyOf }: ForkContext, node: number): ForkWay {
  const through = trajectoriesThrough(forest, node);
  const first = through[0] ?? 0;
  return {
    node: nodeKeyOf(forest.keys, node),
    kind: kindAt(forest, node),
    tool: toolAt(forest, node),
    words: tokenizer === null ? null : firstWords(forest, tokenizer, node),
    count: through.length,
    reward: meanReward(forest, through),
    rollout: keyOf(forest.trajectories.rollout[first] ?? 0),
    branch: forest.trajectories.branch[first] ?? 0,
  };
}

/** Trajectories whose last token is the node's. */
function endingAt(forest: Forest, node: number): Int32Array {
  return trajectoriesThrough(forest, node).filter((t) => forest.trajectories.leaf[t] === node);
}

function meanReward({ trajectories }: Forest, members: Int32Array): number {
  let sum = 0;
  let known = 0;
  for (const t of members) {
    const reward = trajectories.reward[t] ?? NaN;
    if (Number.isNaN(reward)) continue;
    sum += reward;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}

/** What is said from the node on, along its most frequent way; one line, cut. Null: an id is unknown. */
function firstWords(forest: Forest, tokenizer: Tokenizer, node: number): string | null {
  const ids: number[] = [];
  for (let at = node; at !== NONE && ids.length < WORD_TOKENS; at = mostReached(forest, at))
    for (let i = forest.edgeStart[at] ?? 0; i < (forest.edgeStart[at + 1] ?? 0) && ids.length < WORD_TOKENS; i++)
      ids.push(forest.edgeTokens[i] ?? 0);
  const text = decodeTokens(tokenizer, ids)?.replace(/\s+/g, ' ').trim() ?? null;
  return text === null || text.length <= WORD_LENGTH ? text : `${text.slice(0, WORD_LENGTH).trimEnd()}…`;
}

function mostReached(forest: Forest, node: number): number {
  let best = NONE;
  for (let child = node + 1; child < (forest.subtreeEnd[node] ?? 0); child = forest.subtreeEnd[child] ?? Infinity)
    if (best === NONE || (forest.reachCount[child] ?? 0) > (forest.reachCount[best] ?? 0)) best = child;
  return best;
}
