/**
 * Trajectories of R2E-Gym (DeepSWE): a problem, `trajectory_steps` of a thought, an action and what was observed, the patch and its reward.
 * https://github.com/R2E-Gym/R2E-Gym (src/r2egym/agenthub/trajectory)
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, getObject, getString, isObject, type JsonObject } from './json.ts';
import { readMessages, readReward } from './messages.ts';
import { readSubmission } from './submission.ts';

export const r2eGym: Format = {
  id: 'r2e-gym',
  label: 'R2E-Gym trajectories',
  beats: ['chat'],
  detects: (record) =>
    getList(record, 'trajectory_steps')?.some((step) => getString(step, 'action') !== undefined) === true &&
    getString(record, 'problem_statement') !== undefined,
  decode(record, context) {
    const steps = getList(record, 'trajectory_steps');
    if (steps === undefined || steps.length === 0) return [refuse('empty', 'at least one step in trajectory_steps', 'none')];
    const odd = steps.findIndex((step) => !isObject(step));
    if (odd >= 0) return [refuse('shape', `an object at trajectory_steps[${odd}]`, 'none')];
    const notes: Complaint[] = [];
    const read = readMessages([...promptOf(record), ...steps.flatMap(messagesOf)], { name: 'trajectory_steps', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const ds = getObject(record, 'ds');
    const instance = getId(ds, 'instance_id') ?? getId(record, 'instance_id') ?? getId(record, 'docker_image');
    const agent = getObject(record, 'agent_args');
    const rollout = singleRollout(
      {
        id: positionId(context),
        reward: readReward(get(record, 'reward'))?.reward ?? null,
        ...defined({ status: getString(record, 'exit_reason'), policy: getString(agent, 'llm_name'), submission: readSubmission(record) }),
      },
      read.events,
      instance,
    );
    return [accept(rollout, notes)];
  },
};

/** The agent's prompts around the problem, where they are kept; else the problem alone. */
function promptOf(record: unknown): readonly JsonObject[] {
  const agent = getObject(record, 'agent_args');
  const system = getString(agent, 'system_prompt');
  const problem = getString(record, 'problem_statement') ?? '';
  const frame = getString(agent, 'instance_prompt');
  const asked = frame?.includes('{problem_statement}') === true ? frame.split('{problem_statement}').join(problem) : problem;
  return [...(system === undefined ? [] : [{ role: 'system', content: system }]), { role: 'user', content: asked }];
}

/** What the model wrote is its thought, an empty line, and the action in the marks of a call. */
function messagesOf(step: unknown): readonly JsonObject[] {
  const thought = getString(step, 'thought') ?? '';
  const action = getString(step, 'action') ?? '';
  const observed = getString(step, 'observation') ?? '';
  const said = [thought, action].filter((text) => text !== '').join('\n\n');
  return [
    ...(said === '' ? [] : [{ role: 'assistant', content: said }]),
    ...(observed === '' ? [] : [{ role: 'user', content: observed }]),
  ];
}
