/**
 * AReaL rollout dumps: `…/rollout/<version>/<task_id>.jsonl` with `{task_id, sample_idx, seqlen, prompt_len,
 * head_version, tail_version, reward, prompt, completion}`. Texts keep their special tokens, which say who speaks.
 * `task_id` counts the run's tasks and is no data set id, so the task is the prompt.
 */
import { accept, defined, positionId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getNumber, getString, has, isObject } from './json.ts';
import { readReward } from './messages.ts';
import { textRollout } from './text-rollout.ts';

/** Versions of the policy that wrote the rollout: one, or the span from first to last; prompt tokens count as -1. */
function policySpan(head: number | undefined, tail: number | undefined): string | undefined {
  if (tail === undefined) return head === undefined || head < 0 ? undefined : String(head);
  return head === undefined || head < 0 || head === tail ? String(tail) : `${head}–${tail}`;
}

export const areal: Format = {
  id: 'areal',
  label: 'AReaL rollout dump',
  beats: ['prompt-completion'],
  detects: (record) =>
    isObject(record) &&
    has(record, 'seqlen') &&
    has(record, 'prompt_len') &&
    has(record, 'tail_version') &&
    typeof get(record, 'prompt') === 'string' &&
    typeof get(record, 'completion') === 'string',
  decode(record, context) {
    const prompt = getString(record, 'prompt');
    const completion = getString(record, 'completion');
    if (prompt === undefined || completion === undefined)
      return [refuseShape('an object with prompt and completion as text', record, 'prompt', 'completion')];
    if (prompt === '' && completion === '') return [refuse('empty', 'text in prompt or completion', 'two empty texts')];
    const notes: Complaint[] = [];
    const events = textRollout(prompt, completion, notes);
    const taskId = getId(record, 'task_id');
    const sample = getId(record, 'sample_idx');
    // A run that was started again appends to the same file, so task and sample alone may come twice.
    const id = taskId === undefined || sample === undefined ? positionId(context) : `${taskId}/${sample}@${positionId(context)}`;
    const fields = {
      id,
      reward: readReward(get(record, 'reward'))?.reward ?? null,
      ...defined({ policy: policySpan(getNumber(record, 'head_version'), getNumber(record, 'tail_version')) }),
    };
    return [accept(singleRollout(fields, events), notes)];
  },
};
