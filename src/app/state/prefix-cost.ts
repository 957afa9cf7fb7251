/** What a person set for prefix costs, for as long as the page is open. */
import { create } from 'zustand';
import type { TrainedModel } from '../../core/prefix/flops.ts';
import { KNOWN_MODELS } from '../../core/prefix/known-models.ts';
import type { PrefixCostSettings, PrefixPackingSettings, RecordSet } from '../../engine/answers/prefix-cost.ts';

export interface PrefixCostChoice extends PrefixCostSettings, PrefixPackingSettings {
  readonly set: RecordSet;
  /** Of KNOWN_MODELS; null: a shape of their own. */
  readonly known: string | null;
  readonly model: TrainedModel;
  readonly recomputes: boolean;
  readonly choose: (change: Partial<Omit<PrefixCostChoice, 'choose'>>) => void;
}

const [FIRST] = KNOWN_MODELS;

export const usePrefixCostChoice = create<PrefixCostChoice>()((set) => ({
  set: 'export',
  known: FIRST.id,
  model: FIRST,
  context: FIRST.context,
  kernel: 128,
  room: 32_768,
  across: true,
  recomputes: false,
  choose: set,
}));
