/** Long work in steps: gives way, tells how far it is, and ends where nobody waits any more. */
import type { EmergenceProgress } from '../../answers/emergence.ts';

export interface Steps {
  /** Runs a generator of steps that yields how many are done, or where `total` is 1 the share that is done. */
  run<T>(stage: EmergenceProgress['stage'], steps: Generator<number, T>, total: number): Promise<T>;
}

/** Work between two looks at whether something else waits, and time between two reports. */
const SLICE_MS = 20;
const TELL_MS = 200;

export function makeSteps(signal: AbortSignal, onProgress: (progress: EmergenceProgress) => void): Steps {
  let since = performance.now();
  let told = -Infinity;
  return {
    async run(stage, steps, total) {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        const now = performance.now();
        if (now - told >= TELL_MS) {
          told = now;
          onProgress({ stage, done: step.value, total });
        }
        if (now - since < SLICE_MS) continue;
        await new Promise<void>((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
        since = performance.now();
      }
    },
  };
}
