/** What best-first ranks nodes by; the first is the default, the others are for comparison. They change no signal. */
import type { Forest } from '../model/forest.ts';
import { sampledShare } from './coefficient.ts';
import { rewardSpread } from './forks.ts';
import type { SignalId } from './signals.ts';

/** Columns by node, and the weight of each task. */
interface RankInput {
  readonly forest: Forest;
  readonly importance: Float64Array<ArrayBuffer>;
  readonly reach: Float64Array;
  /** task -> what its nodes count */
  readonly taskWeight: Float64Array;
  readonly meanReward: Float64Array;
  /** node -> S under another signal than the rule's */
  readonly signal: (id: SignalId) => Float64Array<ArrayBuffer>;
}

interface Ranking<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly help: string;
  /** node -> its key, largest first; never NaN */
  readonly rank: (input: RankInput) => Float64Array<ArrayBuffer>;
}

const importance: Ranking<'importance'> = {
  id: 'importance',
  label: 'importance',
  help: 'Reach × long-term entropy; in RL mode also × |mean advantage|.',
  rank: (input) => input.importance,
};

const surprisal: Ranking<'surprisal'> = {
  id: 'surprisal',
  label: 'surprisal',
  help: 'Coefficient × summed surprisal (−log p) of the sampled tokens.',
  rank: (input) =>
    eachNode(input, (n, weight) => weight * input.reach[n] * sampledShare(input.forest, n) * summedSurprisal(input.forest, n)),
};

const gradient: Ranking<'gradient'> = {
  id: 'gradient',
  label: 'gradient',
  help: 'Reach × summed ‖p − 1‖² of the sampled tokens, by a scoring model; in RL mode also × |mean advantage|.',
  rank: (input) => input.signal('gradient'),
};

const spread: Ranking<'reward-spread'> = {
  id: 'reward-spread',
  label: 'reward spread',
  help: 'How far rewards differ among a node’s children.',
  rank: ({ forest, meanReward }) => rewardSpread(forest, meanReward),
};

const reach: Ranking<'reach'> = {
  id: 'reach',
  label: 'reach alone',
  help: 'Share of trajectories that pass.',
  rank: (input) => eachNode(input, (n, weight) => weight * input.reach[n]),
};

const tokens: Ranking<'tokens'> = {
  id: 'tokens',
  label: 'token count',
  help: 'The node’s tokens.',
  rank: (input) => eachNode(input, (n) => input.forest.edgeStart[n + 1] - input.forest.edgeStart[n]),
};

const uniform: Ranking<'uniform'> = {
  id: 'uniform',
  label: 'uniform',
  help: 'Every node alike.',
  rank: (input) => eachNode(input, () => 1),
};

export const RANKINGS = [importance, surprisal, gradient, spread, reach, tokens, uniform] as const;

function eachNode({ forest, taskWeight }: RankInput, key: (node: number, taskWeight: number) => number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(forest.length);
  for (let task = 0; task < taskWeight.length; task++)
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) out[n] = key(n, taskWeight[task]);
  return out;
}

function summedSurprisal(forest: Forest, n: number): number {
  const { surprisal } = forest.channels;
  let sum = 0;
  if (surprisal === null || forest.sampledCount[n] === 0) return sum;
  for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) if (!Number.isNaN(surprisal[i])) sum += surprisal[i];
  return sum;
}
