/** What is to be tidied up when this process ends, by a signal too. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const waiting = new Set<() => void>();
let isWatching = false;

/** @param tidy without waiting for anything, each once. @returns takes it back */
export function atEnd(tidy: () => void): () => void {
  waiting.add(tidy);
  if (!isWatching) {
    isWatching = true;
    process.once('exit', tidyAll);
    for (const signal of SIGNALS)
      process.once(signal, () => {
        tidyAll();
        // Nobody listens any more: the process ends as it would have.
        process.kill(process.pid, signal);
      });
  }
  return () => void waiting.delete(tidy);
}

function tidyAll(): void {
  for (const tidy of waiting) {
    waiting.delete(tidy);
    tidy();
  }
}
