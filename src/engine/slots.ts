/**
 * Places for work at the same time, a core each, tagged with what runs there: `parse`, or what they are lent for. Parsing comes first:
 * where it wants a place that is lent, whoever has it is asked to give it back.
 */

/** A place that is lent. */
export interface Loan {
  /** Gives it back; again has no effect. */
  end(): void;
}

export interface Slots {
  /** Takes a place for parsing, once there is one. Rejects when the signal is aborted. */
  take(signal?: AbortSignal): Promise<void>;
  leave(): void;
  /**
   * Lends a place that nothing parses in. @param recall called once, where parsing wants it back: end the loan soon
   * @returns null where there is none
   */
  lend(recall: () => void): Loan | null;
}

export function makeSlots(size: number): Slots {
  let parsing = 0;
  /** Lenders that have not been asked for their place yet. */
  const lent = new Set<() => void>();
  let loans = 0;
  let asked = 0;
  const waiting = new Set<() => void>();
  const isFree = (): boolean => parsing + loans < size;
  const wake = (): void => {
    const [first] = waiting;
    if (first === undefined || !isFree()) return;
    waiting.delete(first);
    first();
  };
  return {
    async take(signal) {
      while (!isFree()) {
        signal?.throwIfAborted();
        // As many are asked as wait: none loses a place for nothing.
        if (asked <= waiting.size) {
          const [recall] = lent;
          if (recall !== undefined) {
            lent.delete(recall);
            asked++;
            recall();
            continue;
          }
        }
        await new Promise<void>((resolve) => {
          const woken = (): void => {
            signal?.removeEventListener('abort', woken);
            waiting.delete(woken);
            resolve();
          };
          waiting.add(woken);
          signal?.addEventListener('abort', woken);
        });
      }
      if (signal?.aborted === true) {
        // It may have been woken for the place that it does not take.
        wake();
        signal.throwIfAborted();
      }
      parsing++;
    },
    leave() {
      parsing--;
      wake();
    },
    lend(recall) {
      if (!isFree() || waiting.size > 0) return null;
      loans++;
      lent.add(recall);
      let isOver = false;
      return {
        end() {
          if (isOver) return;
          isOver = true;
          loans--;
          if (!lent.delete(recall)) asked--;
          wake();
        },
      };
    },
  };
}
