/** Files that are read on as they grow: how often they are looked at, and what has come. */
import { create } from 'zustand';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from './choices.ts';

/** Seconds between looks; 0: none until a person asks. */
export const CADENCES = [1, 5, 30, 0] as const;
export type Cadence = (typeof CADENCES)[number];

/** What one look brought. */
export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rollouts: number;
}

/** A file of which nothing more is read, with the reason. */
export interface Ended {
  readonly name: string;
  readonly why: string;
  /** Where it is open; absent: it came later and is not. */
  readonly file?: InputBlob;
}

interface Following {
  readonly cadence: Cadence;
  readonly arrivals: readonly Arrival[];
  /** Rollouts that have come since a person last said that they have seen them. */
  readonly unseen: number;
  /** Files that only opening again reads further. */
  readonly ended: readonly Ended[];
  /** Files that are open and not read on, or of which nothing is read yet. */
  readonly unread: readonly Ended[];
  /** Why the last look failed; empty: it did not. */
  readonly problem: string;
  readonly set: (change: Partial<Omit<Following, 'set' | 'arrive' | 'keep' | 'restart'>>) => void;
  readonly arrive: (arrival: Arrival) => void;
  /** These files are open: of those that went nothing is said any more. */
  readonly keep: (files: readonly InputBlob[]) => void;
  /** Other files are open. */
  readonly restart: () => void;
}

/** Arrivals that are remembered: the strip has room for no more. */
const MOST_ARRIVALS = 400;
const NOTHING = { arrivals: [], unseen: 0, ended: [], unread: [], problem: '' } as const;

export const useFollowing = create<Following>()((set) => ({
  cadence: 1,
  ...NOTHING,
  set,
  arrive: (arrival) =>
    set(({ arrivals, unseen }) => ({
      arrivals: [...arrivals, arrival].slice(-MOST_ARRIVALS),
      unseen: unseen + Math.max(0, arrival.rollouts),
    })),
  keep: (files) => set(({ ended }) => ({ ended: ended.filter(({ file }) => file === undefined || files.includes(file)) })),
  restart: () => set(NOTHING),
}));

/** From now on, what is said of a file goes with it. */
export function forgetGone(): void {
  useChoices.subscribe(({ opening }, before) => {
    if (opening?.files !== before.opening?.files) useFollowing.getState().keep(opening?.files ?? []);
  });
}
