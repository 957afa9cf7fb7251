/** What the logs of SWE-agent and mini-swe-agent have in common: instances as tasks, and observations as results. */
import type { Part, RolloutEvent } from '../core/model/rollout.ts';
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

/**
 * Takes the action out of the text of a reply that has no calls beside its text: the fence or tag that holds it
 * becomes a part of its own, so that the parts still join to the text. A reply that does not hold the action stays.
 */
export function withInlineCall(event: RolloutEvent, action: string | undefined, tool: string): RolloutEvent {
  const wanted = action?.trim() ?? '';
  if (wanted === '' || event.role !== 'assistant' || event.parts.some((part) => part.kind === 'call')) return event;
  const at = event.parts.findLastIndex((part) => part.kind === 'text' && part.text.includes(wanted));
  const part = event.parts[at];
  if (part === undefined) return event;
  const { start, end } = enclosed(part.text, part.text.lastIndexOf(wanted), wanted.length);
  const pieces: Part[] = [
    { kind: 'text', text: part.text.slice(0, start) },
    { kind: 'call', text: part.text.slice(start, end), tool, inline: true },
    { kind: 'text', text: part.text.slice(end) },
  ];
  return { ...event, parts: [...event.parts.slice(0, at), ...pieces.filter((piece) => piece.text !== ''), ...event.parts.slice(at + 1)] };
}

const OPENING = /(?:```[\w-]*|<[\w-]+>)\s*$/;
const CLOSING = /^\s*(?:```|<\/[\w-]+>)/;

/** The range of an action with the fence or tag around it, where there is one on both sides. */
function enclosed(text: string, at: number, length: number): { readonly start: number; readonly end: number } {
  const opening = OPENING.exec(text.slice(Math.max(0, at - 80), at))?.[0].length;
  const closing = CLOSING.exec(text.slice(at + length, at + length + 80))?.[0].length;
  if (opening === undefined || closing === undefined) return { start: at, end: at + length };
  return { start: at - opening, end: at + length + closing };
}
