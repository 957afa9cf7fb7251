/** The cluster that a person simulates, and how the timeline is shown: plain choices that no link carries. */
import { create } from 'zustand';
import { DEFAULT_CLUSTER, type Cluster } from '../../core/schedule/settings.ts';

export interface ScheduleChoices {
  readonly cluster: Cluster;
  /** Time in which no rollout is open is left out of the picture; null: where it is most of the time. */
  readonly cutsGaps: boolean | null;
  readonly set: (change: Partial<Pick<ScheduleChoices, 'cluster' | 'cutsGaps'>>) => void;
}

export const useScheduleChoices = create<ScheduleChoices>()((set) => ({
  cluster: DEFAULT_CLUSTER,
  cutsGaps: null,
  set: (change) => set(change),
}));
