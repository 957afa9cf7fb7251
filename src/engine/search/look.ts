/** Looks for words and expressions in the decoded texts of one rollout: what a parse worker does in place of tokenising it. */
import type { RecordAddress } from '../../core/model/address.ts';
import type { Branch, Rollout, RolloutEvent } from '../../core/model/rollout.ts';
import { finderOf, type Finder, type TextTerm } from '../../core/filter/text-terms.ts';
import type { FoundPlace } from '../answers/searching.ts';

/** What to look for. Survives structured clone. */
export interface TextLook {
  readonly terms: readonly TextTerm[];
  /** Places of a rollout that are told, first ones first; all are counted. */
  readonly places: number;
}

/** What was found in one rollout, which `start` and `member` of its address name. */
export interface FoundTexts {
  readonly start: number;
  readonly member: number;
  /** term -> places in all its texts */
  readonly counts: readonly number[];
  readonly places: readonly FoundPlace[];
}

/** UTF-16 units that are told of what stands before and behind a match, and of the match. */
const SNIPPET = 80;
const MOST_OF_MATCH = 240;

/** Gathers what a job finds, reply by reply. */
interface TextFinding {
  take(rollout: Rollout, address: RecordAddress): void;
  /** What was found since the last time. */
  finish(): { readonly found: readonly FoundTexts[] };
}

export function makeFinding(what: TextLook): TextFinding {
  const look = makeLook(what);
  let found: FoundTexts[] = [];
  return {
    take: (rollout, { start, member }) => void found.push({ start, member, ...look(rollout) }),
    finish() {
      const finished = { found };
      found = [];
      return finished;
    },
  };
}

/** What events that branches share says, it says once: what a branch repeats from the beginning of one before it is passed over. */
function makeLook({ terms, places: most }: TextLook): (rollout: Rollout) => Pick<FoundTexts, 'counts' | 'places'> {
  const finders = terms.map(finderOf);
  return ({ branches }) => {
    const counts = terms.map(() => 0);
    const places: FoundPlace[] = [];
    branches.forEach((branch, b) => {
      const first = sharedEvents(branch, branches.slice(0, b));
      branch.events.slice(first).forEach((event, e) => lookAt(event, { branch: b, event: first + e }, finders, most, counts, places));
    });
    return { counts, places };
  };
}

function lookAt(
  { role, parts }: RolloutEvent,
  at: Pick<FoundPlace, 'branch' | 'event'>,
  finders: readonly Finder[],
  most: number,
  counts: number[],
  places: FoundPlace[],
): void {
  parts.forEach(({ kind, text, tool }, part) => {
    const names = tool !== undefined && (kind === 'call' || kind === 'memory') ? [{ text: tool, inName: true }] : [];
    for (const where of [...names, { text, inName: false }]) {
      const found: FoundPlace[] = [];
      finders.forEach((finder, term) => {
        let told = places.length;
        for (let place = finder.next(where.text, 0); place !== null; place = finder.next(where.text, place.end)) {
          counts[term] = (counts[term] ?? 0) + 1;
          if (told++ < most) found.push({ ...at, term, part, role, kind, inName: where.inName, ...snippet(where.text, place) });
        }
      });
      if (found.length === 0) continue;
      found.sort((a, b) => a.start - b.start || a.term - b.term);
      for (const place of found) if (places.length < most) places.push(place);
    }
  });
}

function snippet(
  text: string,
  { start, end }: { start: number; end: number },
): Pick<FoundPlace, 'start' | 'end' | 'before' | 'match' | 'after'> {
  return {
    start,
    end,
    before: text.slice(whole(text, start - SNIPPET), start),
    match: text.slice(start, Math.min(end, whole(text, start + MOST_OF_MATCH))),
    after: text.slice(end, whole(text, end + SNIPPET)),
  };
}

/** The place, or the one before it where it lies inside a character. */
function whole(text: string, at: number): number {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : at;
}

/** How many events at its beginning are those at the beginning of an earlier branch. */
function sharedEvents({ events }: Branch, earlier: readonly Branch[]): number {
  let same = earlier;
  let shared = 0;
  for (const event of events) {
    same = same.filter((branch) => isSame(branch.events[shared], event));
    if (same.length === 0) break;
    shared++;
  }
  return shared;
}

function isSame(a: RolloutEvent | undefined, b: RolloutEvent): boolean {
  if (a === b) return true;
  if (a?.role !== b.role || a.parts.length !== b.parts.length) return false;
  return a.parts.every(({ kind, text, tool }, i) => kind === b.parts[i]?.kind && tool === b.parts[i].tool && text === b.parts[i].text);
}
