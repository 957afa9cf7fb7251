/** Finds, in what a chat template rendered, which characters belong to which message and part, and where answers begin and end. */
import type { Branch, Part } from '../../core/model/rollout.ts';
import { isSeparateCall, type RenderedPiece } from '../../core/tokens/template.ts';
import { findPlaces, type Place } from './part-places.ts';
import type { TextOfPart } from './template-messages.ts';
import { unitsOf, type TemplateFacts } from './template-probe.ts';

/** @param marks special tokens: the first one behind a message that is no answer ends it */
export function cutPieces(
  branch: Branch,
  render: (textOf: TextOfPart) => string,
  facts: TemplateFacts,
  marks: readonly string[],
): RenderedPiece[] {
  const { whole, places } = findPlaces(branch, render);
  return pieces(branch, whole, places, facts, marks);
}

/**
 * Tiles the whole text. An answer is everything that the policy wrote: from where the prompt of its model call ends, with the
 * marks around its thoughts and calls, up to and with the mark that ends its turn. Of an answer that the log cuts off, what
 * stands behind its last part is the template's. Whatever else stands between messages is scaffold.
 */
function pieces(branch: Branch, whole: string, places: readonly Place[], facts: TemplateFacts, marks: readonly string[]): RenderedPiece[] {
  const made: RenderedPiece[] = [];
  let at = 0;
  const add = (to: number, event: number, part: number, more: Pick<RenderedPiece, 'isTurn' | 'endsTurn'> = {}): void => {
    if (to > at) made.push({ text: whole.slice(at, to), event, part, ...more });
    at = Math.max(at, to);
  };
  places.forEach((place, index) => {
    const before = places[index - 1];
    const next = places[index + 1];
    const event = branch.events[place.event];
    const isAnswer = event?.role === 'assistant';
    const isCall = callAt(branch, place);
    const first = before?.event !== place.event;
    const last = next?.event !== place.event;
    if (!isAnswer) add(isCall ? callStart(whole, at, place.start, facts) : place.start, place.event, -1);
    else if (first) add(answerStart(branch, whole, before, place, facts), place.event, -1);
    if (!last && next !== undefined) {
      // What stands between two parts of an answer is the policy's: it belongs to the part before, or to a call's markup.
      if (callAt(branch, next)) add(callStart(whole, place.end, next.start, facts), place.event, place.part);
      else add(isAnswer ? next.start : place.end, place.event, place.part);
      return;
    }
    const limit = next?.start ?? whole.length;
    const told = messageEnd(whole, place.end, limit, marks);
    if (!isAnswer) {
      add(place.end, place.event, place.part);
      add(told.to, place.event, -1);
      return;
    }
    const end = answerEnd(whole, place.end, limit, facts.ends, next === undefined || next.event === place.event + 1) ?? {
      content: place.end,
      // An unknown end: of a call that has more to it than its name, up to the mark that is found.
      mark: isCall ? told.mark : place.end,
    };
    const isKnown = end.mark > end.content;
    const turn = place.part < 0 ? { isTurn: true as const } : {};
    if (event.truncated === true) {
      add(isCall ? end.content : place.end, place.event, place.part, turn);
    } else add(end.mark, place.event, place.part, { ...turn, ...(isKnown ? { endsTurn: true as const } : {}) });
    add(behindLineEnds(whole, Math.max(at, end.mark), limit), place.event, -1);
  });
  add(whole.length, places[places.length - 1]?.event ?? 0, -1);
  return made;
}

function callAt(branch: Branch, place: Place): boolean {
  const part: Part | undefined = branch.events[place.event]?.parts[place.part];
  return part !== undefined && isSeparateCall(part);
}

/** Where the policy began to write: behind what the prompt of a model call ends with. */
function answerStart(branch: Branch, whole: string, before: Place | undefined, place: Place, facts: TemplateFacts): number {
  const from = before?.end ?? 0;
  const gap = whole.slice(from, place.start);
  const part = branch.events[place.event]?.parts[place.part];
  const role = before?.event === place.event - 1 ? branch.events[before.event]?.role : undefined;
  const prompt = role === undefined ? undefined : facts.prompts[role];
  if (prompt !== undefined) {
    const lengths = (part?.kind === 'thinking' ? [prompt.beforeThoughts] : prompt.plain).map((units) => sharedWith(gap, units));
    const best = lengths.reduce((most, found) => (found.units > most.units ? found : most), { units: 0, length: 0 });
    if (best.units >= prompt.least) return from + best.length;
  }
  for (const opening of facts.openings) {
    const at = gap.lastIndexOf(opening);
    if (at >= 0) return from + at + opening.length;
  }
  return callAt(branch, place) ? callStart(whole, from, place.start, facts) : place.start;
}

/** How much of the gap's beginning the units spell. */
function sharedWith(gap: string, prompt: readonly string[]): { units: number; length: number } {
  let length = 0;
  let units = 0;
  for (; units < prompt.length; units++) {
    const unit = prompt[units] ?? '';
    if (!gap.startsWith(unit, length)) break;
    // A pointed bracket of the gap that opens another mark.
    if (unit.length === 1 && unitsOf(gap.slice(length, length + 64))[0] !== unit) break;
    length += unit.length;
  }
  return { units, length };
}

/** Where the markup of a call begins that names its tool at `name`: as other calls begin, else the last tag before it, else the name. */
function callStart(whole: string, from: number, name: number, { callOpening }: TemplateFacts): number {
  let start = name;
  for (let i = callOpening.length - 1; i >= 0; i--) {
    const unit = callOpening[i] ?? '';
    if (start - unit.length < from || !whole.startsWith(unit, start - unit.length)) break;
    start -= unit.length;
  }
  if (start < name) return start;
  const tag = whole.slice(from, name).lastIndexOf('<');
  return tag >= 0 ? from + tag : name;
}

/**
 * Where an answer's content ends in [from, limit), and the mark behind it; null where no end is there. Between an answer and the
 * next message the last such text is the end, because arguments may spell one; where messages are missing the first is.
 */
function answerEnd(
  whole: string,
  from: number,
  limit: number,
  ends: readonly string[],
  isNext: boolean,
): { content: number; mark: number } | null {
  // Never searched beyond the gap: many messages without an end must not take quadratic time.
  const gap = whole.slice(from, limit);
  let found: { content: number; mark: number } | null = null;
  for (const end of ends) {
    const at = isNext ? gap.lastIndexOf(end) : gap.indexOf(end);
    if (at < 0 || (found !== null && (isNext ? from + at <= found.content : from + at >= found.content))) continue;
    found = { content: from + at, mark: from + at + end.length };
  }
  return found;
}

/** End of the first mark in [from, limit), and of the line ends behind it; both the limit where there is none. */
function messageEnd(whole: string, from: number, limit: number, marks: readonly string[]): { mark: number; to: number } {
  const gap = whole.slice(from, limit);
  let start = limit;
  let end = limit;
  for (const mark of marks) {
    const found = gap.indexOf(mark);
    if (found >= 0 && from + found < start) {
      start = from + found;
      end = start + mark.length;
    }
  }
  return { mark: end, to: behindLineEnds(whole, end, limit) };
}

function behindLineEnds(whole: string, from: number, limit: number): number {
  let to = from;
  while (to < limit && whole[to] === '\n') to++;
  return to;
}
