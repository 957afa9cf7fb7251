/** The presets, in the order in which they are offered, and which of them a log opens on. */
import { DEFAULT_RULE, type PruneRule } from '../model/rule.ts';
import { RULE_FIELD_LIST } from './fields.ts';
import type { Known, Preset, PresetReason } from './preset.ts';
import { cheapest } from './presets/cheapest.ts';
import { katCoder } from './presets/kat-coder.ts';
import { rl } from './presets/rl.ts';
import { sft } from './presets/sft.ts';

export const PRESETS = [
  sft, //
  rl,
  katCoder,
  cheapest,
] as const;

export type PresetId = (typeof PRESETS)[number]['id'];

/**
 * The preset that fits what is known of a log [ours]: reinforcement learning where the log is a policy's own and some
 * group has an advantage, else supervised fine-tuning.
 */
export function presetFor({ contrastingTasks, rewards, isPolicyLog }: Known): { readonly id: PresetId; readonly because: PresetReason } {
  if (isPolicyLog && contrastingTasks > 0) return { id: 'rl', because: 'policy-log-with-contrast' };
  if (rewards.known === 0) return { id: 'sft', because: 'no-rewards' };
  return { id: 'sft', because: rewards.positive > 0 ? 'successes-known' : 'no-success' };
}

/** The rule of a preset. What names nodes, rollouts or a model of the person's own is kept from `own`. */
export function presetRule(preset: Preset, own: Pick<PruneRule, 'hand' | 'acts' | 'seed' | 'model' | 'truths'> = DEFAULT_RULE): PruneRule {
  const { hand, acts, seed, model, truths } = own;
  return {
    ...DEFAULT_RULE,
    ...preset.rule,
    hand,
    acts,
    seed,
    ...(model === undefined ? {} : { model }),
    ...(truths === undefined ? {} : { truths }),
  };
}

/** Whether two rules have the same value of every setting. */
export function sameSettings(a: PruneRule, b: PruneRule): boolean {
  return RULE_FIELD_LIST.every((field) => {
    const text = (value: unknown): string => (value === undefined ? '' : field.write(value));
    return text(a[field.name]) === text(b[field.name]);
  });
}

/** The preset whose settings these are, or null. Budgets do not matter. */
export function presetOf(rule: PruneRule): (typeof PRESETS)[number] | null {
  return PRESETS.find((preset) => sameSettings(presetRule(preset, rule), rule)) ?? null;
}
