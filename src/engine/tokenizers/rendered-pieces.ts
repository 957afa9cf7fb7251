/** Finds, in what a chat template rendered, which characters belong to which message and part. */
import type { Branch, Part } from '../../core/model/rollout.ts';
import { isSeparateCall, type RenderedPiece } from '../../core/tokens/template.ts';

/** What a part is rendered with: its text, or for a call its tool name (its arguments stay). */
export type TextOfPart = (part: Part, event: number, index: number) => string;

const OPEN = '\ue000';
const CLOSE = '\ue001';
const SENTINEL = /\ue000(\d+)\.(\d+)\ue001/g;

/** What a part puts into the rendering. */
function ownText(part: Part): string {
  return isSeparateCall(part) ? (part.tool ?? '') : part.text;
}

/**
 * Renders twice: once with the parts as they are, once with a sentinel in the place of each. Where the second, its
 * sentinels replaced by the parts' texts (or by the texts without blank ends, which many templates cut off), spells the
 * first, the sentinels say where every part stands. Templates that look into the texts give another second rendering:
 * then parts are looked for in the first, in order. What the template leaves out has no tokens.
 * @param marks special tokens: the first one behind a message's last part ends that message
 */
export function cutPieces(branch: Branch, render: (textOf: TextOfPart) => string, marks: readonly string[]): RenderedPiece[] {
  const whole = render((part) => ownText(part));
  const marked = render((_, event, index) => `${OPEN}${event}.${index}${CLOSE}`);
  const places =
    bySentinels(branch, marked, whole, (part) => ownText(part)) ??
    bySentinels(branch, marked, whole, (part) => ownText(part).trim()) ??
    bySearch(branch, whole);
  return pieces(branch, whole, places, marks);
}

interface Place {
  readonly event: number;
  readonly part: number;
  readonly start: number;
  readonly end: number;
}

function bySentinels(branch: Branch, marked: string, whole: string, textOf: (part: Part) => string): Place[] | null {
  const places: Place[] = [];
  let text = '';
  let from = 0;
  for (const match of marked.matchAll(SENTINEL)) {
    const event = Number(match[1]);
    const index = Number(match[2]);
    const part = branch.events[event]?.parts[index];
    if (!part) return null;
    text += marked.slice(from, match.index);
    const start = text.length;
    text += textOf(part);
    places.push({ event, part: index, start, end: text.length });
    from = match.index + match[0].length;
  }
  return text + marked.slice(from) === whole ? places : null;
}

function bySearch(branch: Branch, whole: string): Place[] {
  const places: Place[] = [];
  let cursor = 0;
  branch.events.forEach((event, eventIndex) =>
    event.parts.forEach((part, index) => {
      const wanted = ownText(part).trim();
      const start = wanted === '' ? -1 : whole.indexOf(wanted, cursor);
      if (start < 0) return;
      cursor = start + wanted.length;
      places.push({ event: eventIndex, part: index, start, end: cursor });
    }),
  );
  return places;
}

/** Tiles the whole text: parts, calls with their markup, the scaffold behind a message's parts, the next one's header. */
function pieces(branch: Branch, whole: string, places: readonly Place[], marks: readonly string[]): RenderedPiece[] {
  const made: RenderedPiece[] = [];
  let at = 0;
  const add = (to: number, event: number, part: number): void => {
    if (to > at) made.push({ text: whole.slice(at, to), event, part });
    at = Math.max(at, to);
  };
  places.forEach((place, index) => {
    const part = branch.events[place.event]?.parts[place.part];
    const next = places[index + 1];
    const call = part !== undefined && isSeparateCall(part);
    add(call ? markupStart(whole, at, place.start) : place.start, place.event, -1);
    const limit = next?.start ?? whole.length;
    const ends = messageEnd(whole, place.end, limit, marks);
    if (next?.event === place.event) {
      const nextPart = branch.events[next.event]?.parts[next.part];
      add(call && nextPart && isSeparateCall(nextPart) ? markupStart(whole, place.end, next.start) : place.end, place.event, place.part);
      return;
    }
    // The policy samples the mark that ends its turn, so it belongs to the turn's last part.
    const isAnswer = branch.events[place.event]?.role === 'assistant';
    add(isAnswer ? ends.mark : place.end, place.event, place.part);
    add(ends.to, place.event, -1);
  });
  add(whole.length, places[places.length - 1]?.event ?? 0, -1);
  return made;
}

/** Where the markup of a call begins that names its tool at `name`: the last tag before it, else the name itself. */
function markupStart(whole: string, from: number, name: number): number {
  const tag = whole.lastIndexOf('<', name);
  return tag >= from ? tag : name;
}

/** End of the first mark in [from, limit), and of the line ends behind it; both the limit where there is none. */
function messageEnd(whole: string, from: number, limit: number, marks: readonly string[]): { mark: number; to: number } {
  let start = limit;
  let end = limit;
  for (const mark of marks) {
    const found = whole.indexOf(mark, from);
    if (found >= 0 && found < start) {
      start = found;
      end = found + mark.length;
    }
  }
  let to = end;
  while (to < limit && whole[to] === '\n') to++;
  return { mark: end, to };
}
