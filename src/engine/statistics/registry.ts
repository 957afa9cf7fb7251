/** All statistics of nodes, in the order in which lists and CSV columns have them. */
import { advantage } from './advantage.ts';
import { branchingEntropy } from './branching-entropy.ts';
import { entropy } from './entropy.ts';
import { entropySum } from './entropy-sum.ts';
import { importance } from './importance.ts';
import { longTermEntropy } from './long-term-entropy.ts';
import { policyLag } from './policy-lag.ts';
import { reach } from './reach.ts';
import { reward } from './reward.ts';
import { signal } from './signal.ts';
import type { NodeStatistic } from './statistic.ts';
import { surprisal } from './surprisal.ts';
import { surprisalSpread } from './surprisal-spread.ts';
import { tokens } from './tokens.ts';

export const STATISTICS: readonly NodeStatistic[] = [
  tokens,
  reach,
  entropy,
  importance,
  reward,
  advantage,
  signal,
  entropySum,
  longTermEntropy,
  surprisal,
  surprisalSpread,
  branchingEntropy,
  policyLag,
];
