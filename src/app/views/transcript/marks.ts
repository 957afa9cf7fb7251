/** Where the words of the filter stand in the parts of a transcript. */
import { useMemo } from 'react';
import type { Transcript } from '../../../engine/answers/transcript.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { useHits } from '../../queries/search.ts';

/** Characters [start, end) of a text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

export interface Marks {
  /** part -> its places, ascending */
  readonly byPart: ReadonlyMap<number, readonly Mark[]>;
  /** Those that are known here, and all that there are in the rollout. */
  readonly shown: number;
  readonly total: number;
}

const NO_MARKS: Marks = { byPart: new Map(), shown: 0, total: 0 };

export function useMarks(transcript: Transcript): Marks {
  const keys = useRollouts()?.keys;
  const found = useHits(keys?.indexOf(transcript.key) ?? -1);
  return useMemo(() => {
    if (!found) return NO_MARKS;
    const firstOf = new Map<number, number>();
    for (let part = transcript.length - 1; part >= 0; part--) firstOf.set(transcript.event[part] ?? 0, part);
    const byPart = new Map<number, Mark[]>();
    for (const { branch, event, part, inName, start, end } of found.hits) {
      const first = firstOf.get(event);
      if (branch !== transcript.branch || inName || first === undefined) continue;
      const own = byPart.get(first + part) ?? [];
      own.push({ start, end });
      byPart.set(first + part, own);
    }
    for (const own of byPart.values()) own.sort((a, b) => a.start - b.start);
    return { byPart, shown: found.hits.length, total: found.total };
  }, [found, transcript]);
}

/** The marks of a stretch of a text, counted from its beginning; of those that overlap, the first. */
export function marksWithin(marks: readonly Mark[], from: number, to: number): readonly Mark[] {
  const within: Mark[] = [];
  let last = from;
  for (const { start, end } of marks) {
    const begin = Math.max(start, last);
    const stop = Math.min(end, to);
    if (begin >= stop) continue;
    within.push({ start: begin - from, end: stop - from });
    last = stop;
  }
  return within;
}
