/**
 * The selection: several rollouts by key, which acts and tables take together. It says nothing of what is kept, is no step of undo,
 * and is in no link and no session. Keys that the open log lacks count for nothing.
 */
import { create } from 'zustand';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';

interface Selection {
  readonly keys: ReadonlySet<RolloutKey>;
  /** The table shows no others, as long as there are some. */
  readonly isOnly: boolean;
}

export const useSelection = create<Selection>()(() => ({ keys: new Set(), isOnly: false }));

/** These and no others. */
export function selectRollouts(keys: readonly RolloutKey[]): void {
  useSelection.setState(({ isOnly }) => ({ keys: new Set(keys), isOnly: isOnly && keys.length > 0 }));
}

/** Takes a rollout into the selection, or out of it. */
export function toggleSelected(key: RolloutKey): void {
  const keys = new Set(useSelection.getState().keys);
  if (!keys.delete(key)) keys.add(key);
  selectRollouts([...keys]);
}
