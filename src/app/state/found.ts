/** Which list the left panel shows while a filter has words, and the place that was gone to last. */
import { create } from 'zustand';
import type { Hit } from '../../engine/answers/searching.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { useChoices } from './choices.ts';

export interface FoundAt {
  /** The filter that it is a place of. */
  readonly text: string;
  readonly rollout: RolloutKey;
  readonly index: number;
  /** Null: what stands there has not been looked up. */
  readonly hit: Hit | null;
}

interface Found {
  /** The places of the filter's words stand in the place of the tasks. */
  readonly showsHits: boolean;
  /** Place `index` of a rollout's; null: none yet. */
  readonly at: FoundAt | null;
  readonly set: (change: Partial<Pick<Found, 'showsHits' | 'at'>>) => void;
}

export const useFound = create<Found>()((set) => ({ showsHits: true, at: null, set: (change) => set(change) }));

/** The place that was gone to last, where it is one of the filter in force. */
export function useFoundAt(): FoundAt | null {
  const at = useFound((s) => s.at);
  const filter = useChoices((s) => s.filter);
  return at?.text === filter.trim() ? at : null;
}

/** The same of a place, once. */
export function inForce(at: FoundAt | null): FoundAt | null {
  return at?.text === useChoices.getState().filter.trim() ? at : null;
}
