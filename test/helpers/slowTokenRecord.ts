/** A branch as one pre-tokenised training record, token by token: what a line of tokens must say. */
import type { Forest } from '../../src/core/model/forest.ts';
import { pathTo } from '../../src/core/tree/navigate.ts';
import type { BranchPlan, Convention } from '../../src/core/export/branches.ts';

interface TokenRecord {
  readonly input_ids: number[];
  readonly loss_mask: number[];
  readonly position_ids: number[];
  readonly weight: number[];
  /** Mean advantage of the trajectories through the token, on sampled tokens; absent where one of them is unknown. */
  readonly advantage?: number[];
  /** Mean logged log-prob on sampled tokens, 0 elsewhere; absent where one of them is unknown. */
  readonly logprob?: number[];
}

/** @param meanAdvantage node -> mean over the trajectories through it, NaN unknown. All arrays have one length. */
export function slowTokenRecord(
  forest: Forest,
  plan: BranchPlan,
  convention: Convention,
  trajectories: number,
  branch: number,
  meanAdvantage: Float64Array,
): TokenRecord {
  const length = plan.tokenCount[branch];
  const ids = new Array<number>(length);
  const mask = new Array<number>(length);
  const positions = new Array<number>(length);
  const weights = new Array<number>(length);
  let advantages: number[] | null = new Array<number>(length);
  let logprobs: number[] | null = forest.channels.surprisal ? new Array<number>(length) : null;
  let at = 0;
  const { end, head, from, lossFrom } = plan.extent[branch];
  const path = pathTo(forest, end);
  const marks = plan.loss.marks(plan.trajectory[branch], path);
  for (const [index, node] of path.entries()) {
    const place = forest.depth[node];
    if (place >= head && place < from) continue;
    const isFirst = plan.firstRecord[node] === branch;
    const mean = plan.loss.carriers[node] / (trajectories * plan.records[node]);
    const weight = marks[index] === 0 || place < lossFrom ? 0 : convention === 'train-once' ? Number(isFirst) : mean;
    const sampled = forest.sampledCount[node] > 0;
    const advantage = sampled ? meanAdvantage[node] : 0;
    if (Number.isNaN(advantage)) advantages = null;
    for (let i = forest.edgeStart[node]; i < forest.edgeStart[node + 1]; i++) {
      const own = plan.tokenFactors === null ? weight : weight * plan.tokenFactors[i];
      ids[at] = forest.edgeTokens[i];
      mask[at] = own > 0 ? 1 : 0;
      positions[at] = at;
      weights[at] = own;
      if (advantages) advantages[at] = advantage;
      if (logprobs) {
        const surprisal = sampled ? forest.channels.surprisal![i] : 0;
        if (Number.isNaN(surprisal)) logprobs = null;
        else logprobs[at] = surprisal === 0 ? 0 : -surprisal;
      }
      at++;
    }
  }
  return {
    input_ids: ids,
    loss_mask: mask,
    position_ids: positions,
    weight: weights,
    ...(advantages ? { advantage: advantages } : {}),
    ...(logprobs ? { logprob: logprobs } : {}),
  };
}
