/** All pruning strategies, in the order in which lists show them; the first is the default. */
import { bestFirst } from './strategies/best-first.ts';
import { breadthFirst } from './strategies/breadth-first.ts';
import { density } from './strategies/density.ts';
import { longestPath } from './strategies/longest-path.ts';
import { maxRewardVariance } from './strategies/max-reward-variance.ts';
import { random } from './strategies/random.ts';
import { reach } from './strategies/reach.ts';
import { topAdvantage } from './strategies/top-advantage.ts';

export const STRATEGIES = [density, bestFirst, random, breadthFirst, reach, longestPath, topAdvantage, maxRewardVariance] as const;
