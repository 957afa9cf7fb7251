/** What a person set for ground truths. Where advantages go by relative rewards, the rule has the same settings. */
import { create } from 'zustand';
import { DEFAULT_TRUTHS, type TruthSettings } from '../../core/truths/settings.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { useChoices } from './choices.ts';

export type TruthsShown = 'rollouts' | 'tasks';

interface TruthsChoice {
  readonly settings: TruthSettings;
  /** In calls. */
  readonly threshold: number;
  readonly shown: TruthsShown;
  /** Whose calls stand beside those of its ground truth. */
  readonly rollout: RolloutKey | null;
}

export const useTruthsChoice = create<TruthsChoice>()(() => ({
  settings: useChoices.getState().pruning.present.rule.truths ?? DEFAULT_TRUTHS,
  threshold: 1,
  shown: 'rollouts',
  rollout: null,
}));

/** The rule follows where it goes by relative rewards. */
export function chooseTruths(change: Partial<TruthSettings>): void {
  const settings = { ...useTruthsChoice.getState().settings, ...change };
  useTruthsChoice.setState({ settings });
  const { pruning, setRule } = useChoices.getState();
  if (pruning.present.rule.reward === 'relative') setRule({ truths: settings });
}

/** Lets advantages go by relative rewards under the settings in force, or by the log's again. */
export function ruleByRelative(isOn: boolean): void {
  const { setRule } = useChoices.getState();
  setRule(isOn ? { reward: 'relative', truths: useTruthsChoice.getState().settings } : { reward: 'logged' });
}

// What is undone, linked to or restored is shown.
useChoices.subscribe(({ pruning }, before) => {
  const { truths } = pruning.present.rule;
  if (truths !== undefined && truths !== before.pruning.present.rule.truths) useTruthsChoice.setState({ settings: truths });
});
