/** The keys of two rollouts side by side; while they are shown they come before those of the page. */
import type { Action } from '../../action.ts';

export interface SideMoves {
  difference(step: 1 | -1): void;
  first(): void;
}

let current: SideMoves | null = null;

/** Of the pair that is on screen now; null: none is. */
export function setSideMoves(moves: SideMoves | null): void {
  current = moves;
}

export const SIDE_KEYS: readonly Pick<Action, 'id' | 'name' | 'keys' | 'run'>[] = [
  { id: 'next-difference', name: 'Next difference', keys: ['n'], run: () => current?.difference(1) },
  { id: 'previous-difference', name: 'Previous difference', keys: ['p'], run: () => current?.difference(-1) },
  { id: 'first-difference', name: 'First difference', keys: ['d'], run: () => current?.first() },
];
