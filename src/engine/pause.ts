/** Gives way in the middle of long work, so that questions and their end are heard. */

/** Work between two looks at whether something else waits. */
const SLICE_MS = 20;

/** @returns awaited between steps: rejects with the signal's reason once it is aborted */
export function makePause(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    since = performance.now();
  };
}
