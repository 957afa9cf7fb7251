/** A prompt and what the model made of it, each text or messages. Everything in the prompt is context, assistant turns included. */
import type { Complaint } from './format.ts';
import { openedMessages, readMessages } from './messages.ts';
import type { MessagesRead } from './messages.ts';
import { textRollout } from './text-rollout.ts';

/** Prompt and completion, each text or messages, to events. `notes` receives what was repaired. */
export function readPair(loggedPrompt: unknown, loggedCompletion: unknown, notes: Complaint[]): MessagesRead {
  const prompt = openedMessages(loggedPrompt);
  const completion = openedMessages(loggedCompletion);
  if (typeof prompt === 'string' && typeof completion === 'string') return { ok: true, events: textRollout(prompt, completion, notes) };
  const before = readSide(prompt, 'prompt', false, notes);
  if (!before.ok) return before;
  const after = readSide(completion, 'completion', true, notes);
  if (!after.ok) return after;
  return { ok: true, events: before.events.concat(after.events) };
}

/** One side of a pair. `isCompletion`: the policy wrote its assistant turns. */
export function readSide(value: unknown, name: string, isCompletion: boolean, notes: Complaint[]): MessagesRead {
  if (typeof value === 'string') {
    return { ok: true, events: isCompletion ? textRollout('', value, notes) : textRollout(value, '', notes) };
  }
  // In a prompt nothing is sampled, whatever its role.
  return readMessages(value, isCompletion ? { name, notes } : { name, notes, sampled: () => false });
}
