/** The ways from rewards or the log to the advantages of trajectories and nodes; the first is the default. */
import { NONE } from '../model/kinds.ts';
import { groupAdvantages, standardised, type AdvantageInput, type AdvantageWay } from './group-advantages.ts';
import { gigpo, treeGrpo, treeRl } from './tree-advantages.ts';

const grpo: AdvantageWay<'grpo'> = {
  id: 'grpo',
  label: 'GRPO: (r − mean) / std',
  help: 'The reward’s distance from the group’s mean, in standard deviations of the population.',
  of: ({ forest }) => groupAdvantages(forest, standardised),
};

const drGrpo: AdvantageWay<'dr-grpo'> = {
  id: 'dr-grpo',
  label: 'Dr. GRPO: r − mean',
  help: 'The reward’s distance from the group’s mean.',
  of: ({ forest }) => groupAdvantages(forest, ({ reward, mean }) => reward - mean),
};

const rloo: AdvantageWay<'rloo'> = {
  id: 'rloo',
  label: 'RLOO: leave one out',
  help: 'The reward’s distance from the mean of the other rollouts.',
  of: ({ forest }) => groupAdvantages(forest, ({ reward, own, mean, size }) => reward - (mean * size - own) / (size - 1)),
};

const logged: AdvantageWay<'logged'> = {
  id: 'logged',
  label: 'as logged',
  help: 'What the log gives for the trajectory, its rollout, or the deepest node of its path that has any.',
  of: loggedAdvantages,
};

export const ADVANTAGES = [grpo, drGrpo, rloo, treeRl, treeGrpo, gigpo, logged] as const;

function loggedAdvantages({ forest }: AdvantageInput): Float64Array<ArrayBuffer> {
  const result = Float64Array.from(forest.trajectories.advantage);
  const { advantage } = forest.channels;
  if (advantage === null) return result;
  const nearest = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    let sum = 0;
    let count = 0;
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
      if (Number.isNaN(advantage[i])) continue;
      sum += advantage[i];
      count++;
    }
    if (count > 0) nearest[n] = sum / count;
    else nearest[n] = forest.parent[n] === NONE ? Number.NaN : nearest[forest.parent[n]];
  }
  for (let t = 0; t < result.length; t++) if (Number.isNaN(result[t])) result[t] = nearest[forest.trajectories.leaf[t]];
  return result;
}
