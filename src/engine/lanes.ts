/** So many tasks side by side and no more. */

/**
 * Runs at most `width` tasks at once; `run` waits for a free lane, the first failure rejects the next call. A task is told the number
 * of its lane, of those that are free the one that was left last.
 */
export function makeLanes(width: number): { run(task: (lane: number) => Promise<void>): Promise<void>; finish(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const free = Array.from({ length: width }, (_, i) => width - 1 - i);
  let failure: { error: unknown } | null = null;
  const check = (): void => {
    if (failure) throw failure.error;
  };
  return {
    async run(task) {
      while (running.size >= width) await Promise.race(running);
      check();
      const lane = free.pop() ?? 0;
      const promise = task(lane)
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => {
          running.delete(promise);
          free.push(lane);
        });
      running.add(promise);
    },
    async finish() {
      await Promise.all(running);
      check();
    },
  };
}
