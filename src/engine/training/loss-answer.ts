/** Why the tokens of a node carry loss or not: facts, from which page and command line make their sentence. */
import { failedTurns } from '../../core/export/loss.ts';
import { pathTo, trajectoriesThrough } from '../../core/tree/navigate.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import type { LossAnswer } from '../answers/training.ts';
import type { Keep, Ruling } from '../ruled.ts';

/** O(trajectories through the node × their length). */
export function lossAnswer({ problem: { forest }, dataset, scores, rule }: Ruling, { train, summary }: Keep, node: number): LossAnswer {
  const all = dataset.tokens.forest;
  const { reward, rollout, learners } = forest.trajectories;
  const sampled = Array.from(trajectoriesThrough(all, node)).filter((t) => hasSampled(all, t, node));
  const level = pathTo(all, node).length - 1;
  const barred = (isSo: (reward: number) => boolean): number =>
    new Set(sampled.filter((t) => learners?.[t] === 0 && isSo(reward[t] ?? NaN)).map((t) => rollout[t])).size;
  const mean = scores.meanAdvantage[node] ?? NaN;
  const weighs = rule.mode === 'rl' && scores.hasAdvantage;
  return {
    sampled: sampled.length > 0 ? (all.edgeStart[node + 1] ?? 0) - (all.edgeStart[node] ?? 0) : 0,
    trained: train.trainedOf(node),
    place: train.tokens === summary.counts.sampled.kept ? null : train.placeOf(node),
    rollouts: {
      sampled: new Set(sampled.map((t) => rollout[t])).size,
      failed: barred((value) => value <= 0),
      unknown: barred((value) => Number.isNaN(value)),
    },
    turns: { sampled: sampled.length, failed: sampled.filter((t) => failedTurns(all, t)[level] === 1).length },
    weightless: !weighs || mean !== mean ? (weighs ? 'unknown' : null) : mean === 0 ? 'zero' : null,
  };
}
