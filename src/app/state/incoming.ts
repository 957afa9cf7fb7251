/** Files that came while others are open: they wait until the person says whether they are added or take the others' place. */
import { create } from 'zustand';
import type { VerdictMatch } from '../../engine/answers/verdicts.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import type { Origin } from './opened.ts';
import { keepStored, readStored } from './stored.ts';

export const HABITS = ['ask', 'add', 'replace'] as const;
/** What is done with files that come while others are open. */
export type Habit = (typeof HABITS)[number];

export interface Incoming {
  readonly files: readonly InputBlob[];
  readonly origin: Origin;
  readonly settings: Partial<OpenSettings>;
  /** Saved scores that came with them: they are of these files, and wait until these are open. */
  readonly scores?: Blob;
  /** Names of those that are open already, and left out where files are added. */
  readonly known: readonly { readonly path: string; readonly as: string }[];
}

interface IncomingChoices {
  readonly waiting: Incoming | null;
  /** Verdicts that were matched, until the person says whether they are attached. */
  readonly verdicts: VerdictMatch | null;
  readonly habit: Habit;
  readonly wait: (incoming: Incoming | null) => void;
  readonly setHabit: (habit: Habit) => void;
}

const HABIT_KEY = 'espalier-incoming';

export const useIncoming = create<IncomingChoices>()((set) => ({
  waiting: null,
  verdicts: null,
  habit: storedHabit(),
  wait: (waiting) => set({ waiting }),
  setHabit(habit) {
    keepStored(HABIT_KEY, habit === 'ask' ? null : habit);
    set({ habit });
  },
}));

function storedHabit(): Habit {
  const stored = readStored(HABIT_KEY);
  return HABITS.find((habit) => habit === stored) ?? 'ask';
}
