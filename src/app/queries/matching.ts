/** Which rollouts the filter takes, as tables need it. */
import type { RolloutsAnswer } from '../../engine/answers/rollouts.ts';
import { useTaken } from './search.ts';

export interface Matching {
  /** rollout -> 1 where the filter takes it; null: all */
  readonly rows: Uint8Array | null;
  readonly count: number;
}

/** Of a filter that is none, at fault, or about another forest: every rollout. */
export function useMatching(rollouts: RolloutsAnswer | undefined): Matching {
  const taken = useTaken();
  const length = rollouts?.length ?? 0;
  return taken?.taken.length === length ? { rows: taken.taken, count: taken.count } : { rows: null, count: length };
}
