/** Relative rewards that rules go by: measured before an order is made, and held with the log. */
import { DEFAULT_TRUTHS, type TruthSettings } from '../../../core/truths/settings.ts';
import type { PruneRule } from '../../../core/model/rule.ts';
import type { RelativeFacts } from '../../answers/truths.ts';
import type { Dataset } from '../../dataset.ts';
import type { Surveys } from '../../surveys/session-surveys.ts';
import { truthStudy } from './held-study.ts';

export interface RelativeRewards {
  /** rollout -> reward, NaN where unknown */
  readonly rewards: Float64Array;
  readonly facts: RelativeFacts;
}

const measured = new WeakMap<Dataset, Map<string, RelativeRewards>>();

/** What the rule's rewards rest on, as text; null: on the log. */
export function relativeKey({ reward, truths }: Pick<PruneRule, 'reward' | 'truths'>): string | null {
  return reward === 'relative' ? keyOf(truths ?? DEFAULT_TRUTHS) : null;
}

function keyOf(settings: TruthSettings): string {
  return JSON.stringify(settings);
}

/** Null where the rule goes by the log's rewards. Throws where they have not been measured yet: `prepareRelative` does. */
export function relativeRewardsOf(dataset: Dataset, rule: Pick<PruneRule, 'reward' | 'truths'>): RelativeRewards | null {
  const key = relativeKey(rule);
  if (key === null) return null;
  const known = measured.get(dataset)?.get(key);
  if (known === undefined) throw new Error('the rollouts have not been compared with ground truths yet');
  return known;
}

/** Measures them, where the rule asks for them and nobody has yet. */
export async function prepareRelative(dataset: () => Dataset, surveys: Surveys, rule: Pick<PruneRule, 'reward' | 'truths'>): Promise<void> {
  const key = relativeKey(rule);
  if (key === null) return;
  while (measured.get(dataset())?.has(key) !== true) {
    const study = await truthStudy(surveys, rule.truths ?? DEFAULT_TRUTHS, new AbortController().signal);
    const own = measured.get(study.dataset) ?? new Map<string, RelativeRewards>();
    measured.set(study.dataset, own);
    const known = study.relative.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    own.set(key, { rewards: study.relative, facts: { from: study.truths.from, known, of: study.relative.length } });
  }
}
