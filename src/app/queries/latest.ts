/** Lets questions through one at a time and drops those that nobody waits for any more: the newest is always next. */

/** A gate: `turn` runs `ask` when its turn comes, unless `signal` was aborted before. */
export interface Gate {
  turn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T>;
}

export function makeGate(): Gate {
  let last: Promise<unknown> = Promise.resolve();
  return {
    turn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
      const mine = last.then(() => {
        signal.throwIfAborted();
        return ask();
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
