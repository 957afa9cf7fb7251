/** Bare words of the filter language that say something of a rollout; each stands for a term on one column. */

interface Flag {
  readonly help: string;
  /** The column it rests on; where a log lacks it, no rollout has the flag. */
  readonly column: string;
  /** Of a number column: holds for its value, never asked where that is unknown. Of a set: holds for how many words it has. */
  readonly holds: (value: number) => boolean;
}

export const FLAGS = {
  error: { help: 'a tool result of it is an error', column: 'errors', holds: (errors) => errors > 0 },
  solved: { help: 'its reward is above 0', column: 'reward', holds: (reward) => reward > 0 },
  failed: { help: 'its reward is known and not above 0', column: 'reward', holds: (reward) => reward <= 0 },
  rewarded: { help: 'its reward is known', column: 'reward', holds: () => true },
  branched: { help: 'it has several trajectories', column: 'trajectories', holds: (trajectories) => trajectories > 1 },
  labelled: { help: 'it has a label', column: 'label', holds: (labels) => labels > 0 },
} as const satisfies Record<string, Flag>;

export type FlagId = keyof typeof FLAGS;

export function isFlag(word: string): word is FlagId {
  return Object.hasOwn(FLAGS, word);
}
