/** The keys of the transcript; while it is shown they come before those of the page. */
import type { Action } from '../../action.ts';
import { transcriptMoves } from './handle.ts';

export const TRANSCRIPT_KEYS: readonly Pick<Action, 'id' | 'name' | 'keys' | 'run'>[] = [
  { id: 'next-turn', name: 'Next turn', keys: ['n'], run: () => transcriptMoves()?.turn(1) },
  { id: 'previous-turn', name: 'Previous turn', keys: ['p'], run: () => transcriptMoves()?.turn(-1) },
  { id: 'next-error', name: 'Next error', keys: ['e'], run: () => transcriptMoves()?.error() },
  { id: 'transcript-next-fork', name: 'Next fork', keys: [']'], run: () => transcriptMoves()?.fork(1) },
  { id: 'transcript-previous-fork', name: 'Previous fork', keys: ['['], run: () => transcriptMoves()?.fork(-1) },
  { id: 'next-place', name: "Next place of the filter's words", keys: ['Enter'], run: () => transcriptMoves()?.place(1) },
  { id: 'previous-place', name: "Previous place of the filter's words", keys: ['shift+Enter'], run: () => transcriptMoves()?.place(-1) },
  { id: 'next-way', name: 'The same fork, the next way', keys: ['l'], run: () => transcriptMoves()?.sibling(1) },
  { id: 'previous-way', name: 'The same fork, the way before', keys: ['h'], run: () => transcriptMoves()?.sibling(-1) },
  { id: 'first-part', name: 'First part', keys: ['g g'], run: () => transcriptMoves()?.end('first') },
  { id: 'last-part', name: 'Last part', keys: ['shift+g'], run: () => transcriptMoves()?.end('last') },
];
