/** What is said of records that tell of a rollout again. */
import type { DatasetFacts } from '../answers/dataset.ts';

export const REPEATED_ABOUT =
  'Records of a rollout that the log holds more than once: copies have the id and tokens of an earlier one and are rollouts still; ' +
  'of a rollout that paused and went on, the earlier records are merged into the last';

/** `1 copy of earlier rollouts, 2 parts merged into the rollouts that go on with them`; empty where there are none. */
export function repeatedText({ merged, copies }: DatasetFacts['repeated']): string {
  return [
    ...(copies > 0 ? [`${copies.toLocaleString('en')} ${copies === 1 ? 'copy' : 'copies'} of earlier rollouts`] : []),
    ...(merged > 0
      ? [`${merged.toLocaleString('en')} ${merged === 1 ? 'part' : 'parts'} merged into the rollouts that go on with them`]
      : []),
  ].join(', ');
}
