/** How much of a log still carries loss: rollouts, turns, tasks and endings, and the rewards of those rollouts. */
import { NONE } from '../../core/model/kinds.ts';
import { ENDS, eventEnds } from '../../core/prune/events.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import type { LossCounts } from '../answers/training.ts';
import type { Keep, Ruling } from '../ruled.ts';

/** O(nodes + trajectories), and the tokens of the nodes where single tokens are chosen. */
export function lossCounts({ id, problem: { forest }, dataset }: Ruling, { train }: Keep): LossCounts {
  const all = dataset.tokens.forest;
  const { length, parent, trajectories } = forest;
  const ends = eventEnds(all);
  // node -> 1: its turn, from the first token to this node's last, has a token of loss
  const inTurn = new Uint8Array(length);
  // node -> itself or the nearest node above with loss, or NONE
  const nearest = new Int32Array(length);
  // node -> trajectories that sampled it and go on sampling below it
  const goesOn = new Int32Array(length);
  for (let n = 0; n < length; n++) {
    const p = parent[n] ?? NONE;
    const trained = train.trainedOf(n) > 0;
    const above = p !== NONE && (all.sampledCount[p] ?? 0) > 0;
    inTurn[n] = trained || (above && inTurn[p] === 1) ? 1 : 0;
    nearest[n] = trained ? n : p === NONE ? NONE : (nearest[p] ?? NONE);
    if (above) goesOn[p] = (goesOn[p] ?? 0) + (all.sampledCount[n] ?? 0);
  }
  const turns = { of: 0, with: 0 };
  const endings = { of: 0, with: 0 };
  const tasks = { of: 0, with: 0 };
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    let isSampled = false;
    let isTrained = false;
    for (let n = forest.treeStart[task] ?? 0; n < (forest.treeStart[task + 1] ?? 0); n++) {
      const sampled = all.sampledCount[n] ?? 0;
      const carries = inTurn[n] === 1;
      if (((ends[n] ?? 0) & ENDS.final) !== 0) {
        endings.of++;
        if (carries) endings.with++;
      }
      if (sampled === 0) continue;
      isSampled = true;
      if (nearest[n] === n) isTrained = true;
      if (sampled <= (goesOn[n] ?? 0)) continue;
      turns.of++;
      if (carries) turns.with++;
    }
    if (isSampled) tasks.of++;
    if (isTrained) tasks.with++;
  }
  // rollout -> reward of those with loss
  const carrying = new Map<number, number>();
  for (let t = 0; t < trajectories.length; t++) {
    const rollout = trajectories.rollout[t] ?? 0;
    if (carrying.has(rollout)) continue;
    let n = nearest[trajectories.leaf[t] ?? 0] ?? NONE;
    while (n !== NONE && !hasSampled(forest, t, n)) n = nearest[parent[n] ?? NONE] ?? NONE;
    if (n !== NONE) carrying.set(rollout, trajectories.reward[t] ?? NaN);
  }
  const rewards = [...carrying.values()];
  return {
    orderId: id,
    rollouts: { of: dataset.tokens.rollouts.length, with: carrying.size },
    turns,
    tasks,
    endings,
    solved: rewards.filter((reward) => reward > 0).length,
    failed: rewards.filter((reward) => reward <= 0).length,
    unknown: rewards.filter((reward) => Number.isNaN(reward)).length,
  };
}
