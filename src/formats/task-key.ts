/** Which rollouts belong to one task where the log has no id for it: those whose prompts are the same. */
import { TextHash } from '../base/hash.ts';
import type { RolloutEvent } from '../core/model/rollout.ts';

/**
 * `prompt:` and a hash of what precedes the first sampled event: roles, kinds, tool names and texts; token ids where an
 * event has no text. Call ids are left out, because they are random.
 */
export function promptKey(events: readonly RolloutEvent[]): string {
  const hash = new TextHash();
  for (const event of events) {
    if (event.sampled) break;
    hash.add(event.role);
    let texts = 0;
    for (const part of event.parts) {
      hash.add(part.kind);
      hash.add(part.tool ?? '');
      hash.add(part.text);
      texts += part.text.length;
    }
    const ids = texts === 0 ? event.tokens?.ids : undefined;
    if (ids) hash.addNumbers(ids);
  }
  return `prompt:${hash.digest()}`;
}

const LABEL_LENGTH = 200;

/** The start of `text` on one line, at most 200 characters. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * LABEL_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LABEL_LENGTH ? `${line.slice(0, LABEL_LENGTH - 1)}…` : line;
}

/** For people: the last thing a user says before the policy's first turn; otherwise the start of the prompt. */
export function promptLabel(events: readonly RolloutEvent[]): string {
  let label = '';
  let fallback = '';
  for (const event of events) {
    if (event.sampled) break;
    // A prompt whose ids show no messages is one event: then only what the user says of it counts.
    const own = event.parts.filter(({ kind }) => kind === 'user');
    const text = (own.length > 0 ? own : event.parts)
      .map((part) => part.text.slice(0, 4 * LABEL_LENGTH))
      .filter((words) => words.trim() !== '')
      .join(' ');
    if (text === '') continue;
    if (event.role === 'user') label = text;
    else if (fallback === '') fallback = text;
  }
  return oneLine(label === '' ? fallback : label);
}

/** `task` and `taskLabel` of a rollout: by its explicit id where it has a global one, else by its prompt. */
export function taskOf(events: readonly RolloutEvent[], explicit?: string): { readonly task: string; readonly taskLabel: string } {
  const label = promptLabel(events);
  if (explicit === undefined) return { task: promptKey(events), taskLabel: label === '' ? 'empty prompt' : label };
  return { task: explicit, taskLabel: oneLine(explicit) };
}
