/**
 * What a trainer made of the tokens that a policy sampled. The normal form keeps the sampler's log-probs alone; whoever compares the two
 * reads the trainer's from the record that the ids came with, for as long as that rollout is held.
 */
import type { RolloutEvent } from '../core/model/rollout.ts';

interface Remembered {
  readonly read: () => ArrayLike<number> | undefined;
  /** The event's first token in the column. */
  readonly start: number;
}

/** Ids of an event -> where the column of its sequence is read. */
const columns = new WeakMap<ArrayLike<number>, Remembered>();

/** @param read the trainer's log-probs, parallel to the ids of all events */
export function rememberTrainer(events: readonly RolloutEvent[], read: Remembered['read']): void {
  let start = 0;
  for (const { tokens } of events) {
    if (tokens?.ids === undefined) continue;
    columns.set(tokens.ids, { read, start });
    start += tokens.ids.length;
  }
}

/** Log-prob of the event's token `at` by the trainer, as logged; NaN where the log has none. */
export function trainerLogprobs({ tokens }: RolloutEvent): (at: number) => number {
  const own = tokens?.ids === undefined ? undefined : columns.get(tokens.ids);
  const column = own?.read();
  return (at) => column?.[(own?.start ?? 0) + at] ?? Number.NaN;
}
