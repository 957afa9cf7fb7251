/** Takes the text of an answer apart: thoughts, calls, and results that the environment put between. */
import type { Part, RolloutEvent } from '../core/model/rollout.ts';
import { endsInThought } from './cut-off.ts';
import type { Answer, CallDialect, Result } from './dialects/dialect.ts';
import { readerOf } from './dialects/choose.ts';
import { toolResponses } from './dialects/tool-tags.ts';
import { addNote, type Complaint } from './format.ts';

/**
 * The parts of an answer in text form: thoughts, text and calls in their order, as its dialect writes them; without any
 * marks, thoughts at its start in `<think>` and text. A call that cannot be read stays text, with a note.
 */
export function answerParts(text: string, notes?: Complaint[]): Part[] {
  return partsOf(readerOf(text).answer(text), notes);
}

function partsOf({ pieces, unread }: Answer, notes: Complaint[] | undefined): Part[] {
  if (unread.length > 0) addNote(notes, { code: 'call-text', expected: 'calls that can be read', found: `${unread.length} kept as text` });
  const parts: Part[] = [];
  for (const { kind, text, tool, callId } of pieces) {
    if (kind === 'scaffold' || (text === '' && kind !== 'call')) continue;
    parts.push({ kind, text, ...(tool === undefined ? {} : { tool }), ...(callId === undefined ? {} : { callId }) });
  }
  return parts;
}

/** Where a dialect has no marks for results, or none stand in the text, environments write `<tool_response>`. */
function resultsOf(dialect: CallDialect, text: string): readonly Result[] {
  const own = dialect.results?.(text) ?? [];
  return own.length > 0 ? own : toolResponses(text);
}

/** Whether the environment speaks in a text that is logged as another's. */
export function holdsResults(text: string): boolean {
  return resultsOf(readerOf(text), text).length > 0;
}

/**
 * What the policy wrote and what the environment put between, from the text of one whole answer: results become events
 * that are not sampled.
 */
export function answerEvents(text: string, notes?: Complaint[]): RolloutEvent[] {
  const dialect = readerOf(text);
  const events: RolloutEvent[] = [];
  const pushAnswer = (start: number, end: number): void => {
    const own = text.slice(start, end);
    if (own.trim() === '') return;
    const parts = partsOf(dialect.answer(own), notes);
    events.push({ role: 'assistant', sampled: true, parts, ...(endsInThought(own, parts) ? { truncated: true } : {}) });
  };
  let at = 0;
  for (const { start, end, text: said, tool, callId } of resultsOf(dialect, text)) {
    pushAnswer(at, start);
    const named = { ...(tool === undefined ? {} : { tool }), ...(callId === undefined ? {} : { callId }) };
    events.push({ role: 'tool', sampled: false, parts: [{ kind: 'result', text: said, ...named }] });
    at = end;
  }
  pushAnswer(at, text.length);
  return events;
}
