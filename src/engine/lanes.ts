/** So many tasks side by side and no more. */

/** Runs at most `width` tasks at once; `run` waits for a free lane, the first failure rejects the next call. */
export function makeLanes(width: number): { run(task: () => Promise<void>): Promise<void>; finish(): Promise<void> } {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  const check = (): void => {
    if (failure) throw failure.error;
  };
  return {
    async run(task) {
      while (running.size >= width) await Promise.race(running);
      check();
      const promise = task()
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    async finish() {
      await Promise.all(running);
      check();
    },
  };
}
