/** All columns of rollouts, in the order in which tables offer them. */
import { advantage } from './columns/advantage.ts';
import { entropy } from './columns/entropy.ts';
import { file } from './columns/file.ts';
import { id } from './columns/id.ts';
import { policy } from './columns/policy.ts';
import { reward } from './columns/reward.ts';
import { sampled } from './columns/sampled.ts';
import { started } from './columns/started.ts';
import { status } from './columns/status.ts';
import { task } from './columns/task.ts';
import { tokens } from './columns/tokens.ts';
import { trajectories } from './columns/trajectories.ts';
import type { RolloutColumnMember } from './member.ts';

export const ROLLOUT_COLUMNS: readonly RolloutColumnMember[] = [
  task,
  id,
  file,
  policy,
  status,
  reward,
  advantage,
  tokens,
  sampled,
  entropy,
  trajectories,
  started,
];
