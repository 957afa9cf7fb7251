/** Whether a log says, or shows, that the policy was stopped inside a turn: by a limit of tokens, or before its thought was closed. */
import type { Part, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { THINK } from './dialects/blocks.ts';
import { get, getList, getObject, getString, isObject } from './json.ts';

/** Words of servers, trainers and harnesses for a turn that a limit of tokens ended; those for a limit of turns are others. */
const REASONS: ReadonlySet<string> = new Set([
  'length',
  'max_length',
  'max_tokens',
  'max_new_tokens',
  'max_output_tokens',
  'max_completion_tokens',
  'max_response_length',
  'model_length',
  'model_context_window_exceeded',
  'response_truncated',
  'truncated',
  'incomplete: max_output_tokens',
]);

/** @param reason why a turn or a rollout ended, as logged */
export function isCutOff(reason: unknown): boolean {
  // SGLang says it as an object.
  const word = isObject(reason) ? get(reason, 'type') : reason;
  return typeof word === 'string' && REASONS.has(word.toLowerCase());
}

const REASON_KEYS = ['finish_reason', 'stop_reason', 'done_reason'] as const;

/** Of a message or reply: true and false where it says so, undefined where it does not. */
export function saysCutOff(message: unknown): boolean | undefined {
  if (!isObject(message)) return undefined;
  for (const key of ['truncated', 'is_truncated'] as const) if (typeof message[key] === 'boolean' && message[key]) return true;
  let told = false;
  const holders = [message, get(message, 'meta_info'), get(message, 'response_metadata'), getList(message, 'choices')?.[0]];
  for (const holder of holders) {
    if (!isObject(holder)) continue;
    for (const key of REASON_KEYS) {
      const reason = holder[key];
      if (reason === undefined || reason === null) continue;
      if (isCutOff(reason)) return true;
      told = true;
    }
  }
  if (getString(message, 'status') === 'incomplete')
    return isCutOff(getString(getObject(message, 'incomplete_details'), 'reason')) || undefined;
  return told ? false : undefined;
}

/** Whether a text opens a thought and does not close it. `parts`: what was read of it. */
export function endsInThought(text: unknown, parts: readonly Part[]): boolean {
  if (parts.at(-1)?.kind !== 'thinking' || typeof text !== 'string') return false;
  return text.lastIndexOf(THINK.open) > text.lastIndexOf(THINK.close);
}

/** The rollout with the last turn of its last branch marked, where its status says that it was cut off there. */
export function withCutEnd(rollout: Rollout): Rollout {
  if (!isCutOff(rollout.status)) return rollout;
  const last = rollout.branches.at(-1);
  const event: RolloutEvent | undefined = last?.events.at(-1);
  if (last === undefined || event?.sampled !== true || event.truncated === true) return rollout;
  const events = last.events.with(last.events.length - 1, { ...event, truncated: true });
  return { ...rollout, branches: rollout.branches.with(rollout.branches.length - 1, { ...last, events }) };
}
