/** What the person chose to export, for as long as the page is open: the dialog may be closed and opened again. */
import { create } from 'zustand';
import type { ChosenProfile, RecordSettings, WeightConvention } from '../../engine/answers/exporting.ts';

export interface Exporting {
  /** Null: the default ones. */
  readonly profiles: readonly ChosenProfile[] | null;
  /** Null: the preset's. */
  readonly weights: WeightConvention | null;
  readonly maskErrors: boolean;
  /** Those that differ from their defaults. */
  readonly records: Partial<RecordSettings>;
  readonly choose: (change: Partial<Omit<Exporting, 'choose'>>) => void;
}

export const useExporting = create<Exporting>()((set) => ({
  profiles: null,
  weights: null,
  maskErrors: false,
  records: {},
  choose: set,
}));
