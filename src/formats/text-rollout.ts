/** A rollout that the log holds as two texts, prompt and completion, to events: by special tokens, bare role lines, or as it is. */
import type { Part, Role, RolloutEvent } from '../core/model/rollout.ts';
import type { Complaint } from './format.ts';
import { nameResults } from './messages.ts';
import type { TextTurn } from './rendered.ts';
import { splitBarePrompt, splitTemplate } from './rendered.ts';
import { answerEvents, holdsResults } from './text.ts';

const KIND_OF: Readonly<Record<Role, Part['kind']>> = { system: 'system', user: 'user', assistant: 'text', tool: 'result' };

function plain(role: Role, text: string): RolloutEvent {
  return { role, sampled: false, parts: [{ kind: KIND_OF[role], text }] };
}

/**
 * Events of `prompt` followed by `completion`. Nothing in the prompt is sampled. Where the prompt ends inside a turn
 * that is not the assistant's opening, its border is not where the model began: then every assistant turn counts as
 * sampled, and a note says so (AReaL's `prompt_len` shifts so in rollouts of several turns).
 */
export function textRollout(prompt: string, completion: string, notes: Complaint[]): RolloutEvent[] {
  return nameResults(splitTexts(prompt, completion, notes));
}

function splitTexts(prompt: string, completion: string, notes: Complaint[]): RolloutEvent[] {
  let turns = splitTemplate(completion === '' ? prompt : prompt + completion);
  // Without a prompt, what stands before the first turn is the rest of an answer.
  if (prompt === '' && turns?.[0]?.start === 0) turns = turns.map((turn, index) => (index === 0 ? { ...turn, role: 'assistant' } : turn));
  if (turns) return templateEvents(turns, prompt.length, completion === '', notes);
  const bare = splitBarePrompt(prompt);
  const events: RolloutEvent[] = [];
  let opening = '';
  if (bare) {
    for (const turn of bare.slice(0, -1)) pushContext(events, turn);
    opening = bare.at(-1)?.text ?? '';
  } else if (prompt !== '') {
    if (/^(?:system|user)\n/.test(prompt))
      notes.push({
        code: 'prompt-turns',
        expected: 'a prompt whose role lines can be read in only one way',
        found: 'an ambiguous prompt; it is kept as one text',
      });
    events.push(plain('user', prompt));
  }
  for (const event of splitAnswer(opening + completion)) events.push(event);
  return events;
}

function pushContext(events: RolloutEvent[], turn: TextTurn): void {
  if (turn.role === 'assistant' || holdsResults(turn.text)) {
    for (const event of answerEvents(turn.text)) events.push({ ...event, sampled: false });
  } else events.push(plain(turn.role, turn.text));
}

function templateEvents(turns: readonly TextTurn[], border: number, onlyPrompt: boolean, notes: Complaint[]): RolloutEvent[] {
  // The turn that the prompt's end falls into; the prompt may have opened its reasoning.
  const open = turns.findLast((turn) => turn.start <= border);
  const tail = open ? open.text.slice(0, Math.max(0, border - open.start)) : '';
  const atBorder = onlyPrompt || border === 0 || (open?.role === 'assistant' && /^\s*(?:<think>\s*)?$/.test(tail));
  if (!atBorder) {
    notes.push({
      code: 'prompt-border',
      expected: "a prompt that ends where the assistant's turn opens",
      found: `one that ends inside a turn of role ${open?.role ?? 'none'}; every assistant turn counts as sampled`,
    });
  }
  const events: RolloutEvent[] = [];
  for (const turn of turns) {
    const inCompletion = !onlyPrompt && (!atBorder || turn.start >= border || turn === open);
    if (!inCompletion) {
      if (turn !== open || turn.text.trim() !== '') pushContext(events, turn);
    } else if (turn.role === 'assistant') for (const event of answerEvents(turn.text)) events.push(event);
    else pushContext(events, turn);
  }
  return events;
}

/**
 * The events of a completion whose special tokens are gone. Bare role lines split it only when users (or tools) and
 * assistants strictly take turns in it; otherwise only `<tool_response>` blocks do.
 */
function splitAnswer(completion: string): RolloutEvent[] {
  if (completion.trim() === '') return [];
  if (!/\n(?:user|tool)\n/.test(completion)) return answerEvents(completion);
  // Reading the completion as if its prompt had been one line applies the same rule as to a prompt.
  const turns = splitBarePrompt(`user\n\nassistant\n${completion}\nuser\n\nassistant\n`);
  if (!turns) return answerEvents(completion);
  const events: RolloutEvent[] = [];
  for (const turn of turns.slice(1, -2)) {
    if (turn.role === 'assistant') for (const event of answerEvents(turn.text)) events.push(event);
    else pushContext(events, turn);
  }
  return events;
}
