/** The field's words that the page uses, each in a sentence: on the sheet of keys, and under the pointer where a word stands. */

export const TERMS = {
  rollout: 'One recorded episode, as the log holds it.',
  trajectory:
    'A token sequence of a rollout. A rollout has several where a call does not go on from the one before, as after a compaction.',
  node: 'A run of tokens that exactly the same trajectories share.',
  reach: 'How many trajectories pass a node, of all trajectories of its task.',
  flat: 'Counted once for each trajectory, as without sharing; distinct tokens are counted once for each node.',
  'left-heavy': 'Siblings sorted by their tokens, the heaviest first, so that what matters most stands at the left or top.',
  shared: 'What merging saves: 1 − distinct ÷ flat tokens.',
  surprisal: 'How unlikely the token was that was drawn: −log p, in nats. Entropy is its mean over all tokens that could have been.',
  entropy: 'How undecided the policy was before it drew a token, in nats.',
  advantage: 'How much better than its group a rollout did, by the rule that is chosen.',
  cut: 'What is computed at all: a share of the cost. What is cut is in no training record.',
  train: 'What carries loss: a share of the sampled tokens that the cut keeps.',
} as const satisfies Readonly<Record<string, string>>;
