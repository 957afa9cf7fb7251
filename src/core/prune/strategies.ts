/** All pruning strategies, in the order in which lists show them; the first is the default. */
import { bestFirst } from './strategies/best-first.ts';
import { breadthFirst } from './strategies/breadth-first.ts';
import { density } from './strategies/density.ts';
import { bestRollouts } from './strategies/best-rollouts.ts';
import { hes } from './strategies/hes.ts';
import { longestPath } from './strategies/longest-path.ts';
import { pods } from './strategies/pods.ts';
import { random } from './strategies/random.ts';
import { reach } from './strategies/reach.ts';
import { topAdvantage } from './strategies/top-advantage.ts';
import { wholeBranches } from './strategies/whole-branches.ts';
import { wholeRollouts } from './strategies/whole-rollouts.ts';

export const STRATEGIES = [
  density,
  wholeBranches,
  bestRollouts,
  pods,
  hes,
  bestFirst,
  wholeRollouts,
  random,
  breadthFirst,
  reach,
  longestPath,
  topAdvantage,
] as const;
