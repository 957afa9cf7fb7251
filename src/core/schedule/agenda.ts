/** What is due when: the earliest first; at one time by rank, then by number, so that a run never depends on the order of arrival. */

export interface Due {
  readonly at: number;
  /** Of its kind: the smaller is first. */
  readonly rank: number;
  readonly item: number;
  /** Told back to whoever planned it: a plan that was given up has an old one. */
  readonly stamp: number;
}

export interface Agenda {
  plan(due: Due): void;
  /** The earliest, which is taken out; undefined: nothing is due. */
  next(): Due | undefined;
  /** When that would be; Infinity: never. */
  when(): number;
}

function comesFirst(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank === b.rank ? a.item < b.item : a.rank < b.rank;
}

/** A binary heap. */
export function makeAgenda(): Agenda {
  const heap: Due[] = [];
  return {
    plan(due) {
      let at = heap.length;
      while (at > 0) {
        const up = (at - 1) >> 1;
        if (!comesFirst(due, heap[up])) break;
        heap[at] = heap[up];
        at = up;
      }
      heap[at] = due;
    },
    next() {
      const [first] = heap;
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      let at = 0;
      for (;;) {
        let down = 2 * at + 1;
        if (down >= heap.length) break;
        if (down + 1 < heap.length && comesFirst(heap[down + 1], heap[down])) down++;
        if (!comesFirst(heap[down], last)) break;
        heap[at] = heap[down];
        at = down;
      }
      heap[at] = last;
      return first;
    },
    when: () => heap[0]?.at ?? Infinity,
  };
}
