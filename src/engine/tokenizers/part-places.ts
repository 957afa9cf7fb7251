/** Finds where the parts of a branch stand in what a chat template rendered of it. */
import type { Branch, Part } from '../../core/model/rollout.ts';
import { isSeparateCall } from '../../core/tokens/template.ts';
import type { TextOfPart } from './template-messages.ts';

const OPEN = '\ue000';
const CLOSE = '\ue001';
const SENTINEL = /\ue000(\d+)\.(\d+)\ue001/g;

export interface Place {
  readonly event: number;
  /** Index of the part, or -1: the empty place of an answer in which nothing was said. */
  readonly part: number;
  readonly start: number;
  readonly end: number;
}

/** What a part puts into the rendering. */
function ownText(part: Part | null): string {
  if (part === null) return '';
  return isSeparateCall(part) ? (part.tool ?? '') : part.text;
}

/**
 * Renders twice: once with the parts as they are, once with a sentinel in the place of each. Where the second, its
 * sentinels replaced by the parts' texts, spells the first, the sentinels say where every part stands; texts may be written
 * without their blank ends or as JSON, as templates do. Templates that look into the texts give another second rendering:
 * then parts are looked for in the first, in order. What the template leaves out has no place.
 */
export function findPlaces(branch: Branch, render: (textOf: TextOfPart) => string): { whole: string; places: readonly Place[] } {
  const whole = render((part) => ownText(part));
  const sentinel = (event: number, index: number): string => `${OPEN}${event}.${index}${CLOSE}`;
  const places = bySentinels(
    branch,
    render((_, event, index) => sentinel(event, index)),
    whole,
  );
  if (places !== null) return { whole, places };
  // A template may write a message otherwise where nothing is in it.
  const hasEmpty = branch.events.some(({ role, parts }) => role === 'assistant' && parts.length === 0);
  const again = hasEmpty
    ? bySentinels(
        branch,
        render((part, event, index) => (part === null ? '' : sentinel(event, index))),
        whole,
      )
    : null;
  return { whole, places: again ?? bySearch(branch, whole) };
}

function bySentinels(branch: Branch, marked: string, whole: string): Place[] | null {
  const places: Place[] = [];
  const seen = new Set<string>();
  let at = 0;
  let from = 0;
  const matches = [...marked.matchAll(SENTINEL)];
  if (!whole.startsWith(marked.slice(0, matches[0]?.index ?? marked.length))) return null;
  for (const [index, match] of matches.entries()) {
    const [name, event, part] = [match[0], Number(match[1]), Number(match[2])];
    const own = branch.events[event]?.parts[part] ?? null;
    if (own === null && branch.events[event]?.parts.length !== 0) return null;
    at += match.index - from;
    from = match.index + name.length;
    const literal = marked.slice(from, matches[index + 1]?.index ?? marked.length);
    const spelled = spelling(ownText(own), whole, at, literal);
    if (spelled === null) return null;
    // Some templates name a call again with its result: its place is the first.
    if (!seen.has(name)) places.push({ event, part: own === null ? -1 : part, start: at, end: at + spelled });
    seen.add(name);
    at += spelled;
  }
  return at + marked.length - from === whole.length ? places : null;
}

/** How long the text is that stands at `at` in `whole` for a part, with `literal` behind it; null where it does not stand there. */
function spelling(text: string, whole: string, at: number, literal: string): number | null {
  const isThere = (spelled: string): boolean => whole.startsWith(spelled, at) && whole.startsWith(literal, at + spelled.length);
  if (isThere(text)) return text.length;
  for (const way of SPELLINGS) {
    const spelled = way(text);
    if (isThere(spelled)) return spelled.length;
  }
  return null;
}

const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text.trimStart(),
  (text) => text.trimEnd(),
  (text) => text.trim(),
  (text) => text.replace(/^\n+/, ''),
  (text) => withoutLineEnds(text),
  (text) => withoutLineEnds(text.replace(/^\n+/, '')),
  (text) => JSON.stringify(text).slice(1, -1),
];

/** A regular expression anchored at the end would take quadratic time on many line ends. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end--;
  return text.slice(0, end);
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
