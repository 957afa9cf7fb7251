/** Whether the page opens without a network, and whether a newer one waits. */
import { create } from 'zustand';

interface Offline {
  readonly isKept: boolean;
  readonly isNewer: boolean;
}

export const useOffline = create<Offline>()(() => ({ isKept: false, isNewer: false }));
