/**
 * Which jobs of a file are read by whom. Neighbours in a log repeat one another's messages, and a thread remembers what it made of
 * them: so each lane goes through a part of its own, and whoever is done takes the further half of the longest that is left. [ours]
 */

interface Part {
  next: number;
  end: number;
}

/** Jobs that are parted at once: what is read of a file stays, but for so many of its jobs, its beginning. */
export const PARTED_JOBS = 32;

/** @returns which of the jobs `0 .. count - 1` a lane reads next; asked `count` times it names each once, and throws after that */
export function partJobs(count: number, lanes: number): (lane: number) => number {
  const parts: Part[] = [];
  const waiting: Part[] = [];
  for (let part = 0; part < lanes; part++) {
    const from = Math.ceil((part * count) / lanes);
    const to = Math.ceil(((part + 1) * count) / lanes);
    if (to > from) waiting.push({ next: from, end: to });
  }
  const left = ({ next, end }: Part): number => end - next;
  const halfOfLongest = (): Part => {
    const longest = parts.reduce((most, part) => (left(part) > left(most) ? part : most), { next: 0, end: 0 });
    if (left(longest) === 0) throw new Error(`there are ${count} jobs and no more`);
    const end = longest.end;
    longest.end -= Math.ceil(left(longest) / 2);
    return { next: longest.end, end };
  };
  return (lane) => {
    let part = parts[lane];
    if (part === undefined || left(part) === 0) parts[lane] = part = waiting.shift() ?? halfOfLongest();
    return part.next++;
  };
}
