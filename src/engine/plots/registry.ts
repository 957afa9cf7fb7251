/** All plots, in the order in which page and command line have them. */
import { callsInTurn } from './members/calls-in-turn.ts';
import { entropyByDepth } from './members/entropy-by-depth.ts';
import { entropyByTurn } from './members/entropy-by-turn.ts';
import { errorsByTool } from './members/errors-by-tool.ts';
import { offPolicy } from './members/off-policy.ts';
import { parallelCalls } from './members/parallel-calls.ts';
import { policyLag } from './members/policy-lag.ts';
import { reward } from './members/reward.ts';
import { sharing } from './members/sharing.ts';
import { solved } from './members/solved.ts';
import { staleness } from './members/staleness.ts';
import { tokens } from './members/tokens.ts';
import { tokensPerTurn } from './members/tokens-per-turn.ts';
import { toolErrors } from './members/tool-errors.ts';
import { toolMix } from './members/tool-mix.ts';
import { turns } from './members/turns.ts';
import type { Plot } from './plot.ts';

export const PLOTS: readonly Plot[] = [
  turns,
  tokensPerTurn,
  tokens,
  parallelCalls,
  callsInTurn,
  toolErrors,
  errorsByTool,
  toolMix,
  reward,
  solved,
  entropyByTurn,
  entropyByDepth,
  sharing,
  staleness,
  policyLag,
  offPolicy,
];
