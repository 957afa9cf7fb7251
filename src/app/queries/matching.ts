/** Which rollouts the filter takes. */
import type { RolloutsAnswer } from '../../engine/answers/rollouts.ts';

export interface Matching {
  /** rollout -> 1 where the filter takes it; null: all */
  readonly rows: Uint8Array | null;
  readonly count: number;
}

/** Until there is a language of filters, every rollout. */
export function useMatching(rollouts: RolloutsAnswer | undefined): Matching {
  return { rows: null, count: rollouts?.length ?? 0 };
}
