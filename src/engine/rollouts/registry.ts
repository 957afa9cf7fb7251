/** All columns of rollouts, in the order in which tables offer them. */
import { advantage } from './columns/advantage.ts';
import { axisTags } from './columns/axis-tags.ts';
import { calls } from './columns/calls.ts';
import { entropy } from './columns/entropy.ts';
import { errors } from './columns/errors.ts';
import { fields } from './columns/fields.ts';
import { file } from './columns/file.ts';
import { id } from './columns/id.ts';
import { label } from './columns/label.ts';
import { lag } from './columns/lag.ts';
import { model } from './columns/model.ts';
import { note } from './columns/note.ts';
import { parallel } from './columns/parallel.ts';
import { parts } from './columns/parts.ts';
import { policy } from './columns/policy.ts';
import { repeat } from './columns/repeat.ts';
import { reward } from './columns/reward.ts';
import { rewardFrom } from './columns/reward-from.ts';
import { sampled } from './columns/sampled.ts';
import { staleness } from './columns/staleness.ts';
import { started } from './columns/started.ts';
import { status } from './columns/status.ts';
import { task } from './columns/task.ts';
import { tokens } from './columns/tokens.ts';
import { tool } from './columns/tool.ts';
import { trajectories } from './columns/trajectories.ts';
import { turns } from './columns/turns.ts';
import type { RolloutColumnMember } from './member.ts';

export const ROLLOUT_COLUMNS: readonly RolloutColumnMember[] = [
  task,
  id,
  file,
  model,
  policy,
  staleness,
  lag,
  repeat,
  parts,
  status,
  reward,
  rewardFrom,
  advantage,
  turns,
  calls,
  errors,
  parallel,
  tool,
  tokens,
  sampled,
  entropy,
  trajectories,
  started,
  axisTags,
  label,
  note,
  fields,
];
