/** Where the words of the filter stand in the parts of a transcript. */
import { useMemo } from 'react';
import type { Hit } from '../../../engine/answers/searching.ts';
import type { Transcript } from '../../../engine/answers/transcript.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { useFoundAt } from '../../state/found.ts';
import { useHits } from '../../queries/search.ts';
import { firstOfEvent } from './rows.ts';

/** Characters [start, end) of a text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  /** The one that was gone to last. */
  readonly isAt: boolean;
}

export interface Marks {
  /** part -> its places, ascending */
  readonly byPart: ReadonlyMap<number, readonly Mark[]>;
  /** Those that are known here, and all that there are in the rollout. */
  readonly shown: number;
  readonly total: number;
  /** Of those that are known, on other branches of the rollout. */
  readonly elsewhere: number;
}

const NO_MARKS: Marks = { byPart: new Map(), shown: 0, total: 0, elsewhere: 0 };

export function useMarks(transcript: Transcript): Marks {
  const keys = useRollouts()?.keys;
  const rollout = useMemo(() => keys?.indexOf(transcript.key) ?? -1, [keys, transcript.key]);
  const found = useHits(rollout);
  const at = useFoundAt();
  return useMemo(() => {
    if (!found) return NO_MARKS;
    const atHit = at?.rollout === transcript.key ? found.hits[at.index] : undefined;
    const byPart = new Map<number, Mark[]>();
    for (const hit of found.hits) {
      const { branch, event, part, inName, start, end } = hit;
      const first = firstOfEvent(transcript, event);
      if (branch !== transcript.branch || inName || first === transcript.length) continue;
      const own = byPart.get(first + part) ?? [];
      own.push({ start, end, isAt: hit === atHit });
      byPart.set(first + part, own);
    }
    for (const own of byPart.values()) own.sort((a, b) => a.start - b.start);
    const elsewhere = found.hits.filter(({ branch }) => branch !== transcript.branch).length;
    return { byPart, shown: found.hits.length, total: found.total, elsewhere };
  }, [found, transcript, at]);
}

/** The part that a place stands in; null where the transcript is of another branch, or has no such part. */
export function partOfHit(transcript: Transcript, { branch, event, part }: Pick<Hit, 'branch' | 'event' | 'part'>): number | null {
  const first = branch === transcript.branch ? firstOfEvent(transcript, event) : transcript.length;
  return first < transcript.length && transcript.event[first + part] === event ? first + part : null;
}

/** The marks of a stretch of a text, counted from its beginning; of those that overlap, the first. */
export function marksWithin(marks: readonly Mark[], from: number, to: number): readonly Mark[] {
  const within: Mark[] = [];
  let last = from;
  for (const { start, end, isAt } of marks) {
    const begin = Math.max(start, last);
    const stop = Math.min(end, to);
    if (begin >= stop) continue;
    within.push({ start: begin - from, end: stop - from, isAt });
    last = stop;
  }
  return within;
}
