/** What the logs of SWE-agent and mini-swe-agent have in common: instances as tasks, and observations as results. */
import type { Part, RolloutEvent } from '../core/model.ts';
import type { RecordContext } from './format.ts';

/**
 * The task that a file's name gives: both agents name a trajectory after the instance (`owner__repository-number`).
 * Other names are a person's, and say nothing.
 */
export function instanceOf(context: RecordContext): string | undefined {
  const stem = context.name.replace(/\.(?:traj\.json|traj|jsonl?)$/, '');
  return /^[\w.-]+__[\w.-]+-[\w.]+$/.test(stem) ? stem : undefined;
}

/** A user message that holds the output of a command: still the user's in the chat, but a result by kind. */
export function asObservation(event: RolloutEvent, tool: string | undefined, error: boolean): RolloutEvent {
  const parts = event.parts.map((part): Part => {
    if (part.kind !== 'user') return part;
    return { ...part, kind: 'result', ...(tool === undefined ? {} : { tool }), ...(error ? { error: true } : {}) };
  });
  return { ...event, parts };
}

/** The command of an action text: its first word, where that looks like one. */
export function commandOf(action: string | undefined): string | undefined {
  return /^\s*([A-Za-z_][\w.-]*)/.exec(action ?? '')?.[1];
}
