/** The verbs of a session that hold two settings against each other. */
import type { Budget } from '../../core/model/rule.ts';
import type { Settings, SettingsComparison } from '../answers/comparing.ts';
import type { SessionRollouts } from '../rollouts/session-rollouts.ts';
import type { Dataset } from '../dataset.ts';
import { applyBudget } from '../ruling.ts';
import type { Keep, Ruling } from '../ruled.ts';
import { moved } from '../transferables.ts';
import { compareApplied, comparedNodes, comparedRollouts, type Applied } from './compare.ts';

export interface SessionCompare {
  /**
   * Holds the order of these settings as it is now, with the scores that it was made from, until others are held or the forest changes:
   * `compareSettings` takes it for A as long as it is asked about the same rule.
   */
  holdSettings(settings: Settings): Promise<void>;
  /** What both keep, what one alone keeps, and how their figures differ. */
  compareSettings(a: Settings, b: Settings): Promise<SettingsComparison>;
  /** rollout -> bits of `KEPT_BY`: who keeps all its trajectories to the last token */
  comparedRollouts(a: Settings, b: Settings): Promise<Uint8Array<ArrayBuffer>>;
  /** node of the task's token tree -> bits of `KEPT_BY` */
  comparedNodes(a: Settings, b: Settings, task: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What of a session they need. */
interface CompareContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly rollouts: Pick<SessionRollouts, 'rollouts'>;
  readonly rulingOf: (rule: Settings['rule']) => Promise<Ruling>;
}

export function makeSessionCompare({ dataset, rollouts, rulingOf }: CompareContext): SessionCompare {
  let held: { readonly rule: string; readonly ruling: Ruling } | null = null;
  let last: { readonly ruling: Ruling; readonly budget: Budget; readonly keep: Keep } | null = null;

  /** The same budget on the same order as before costs nothing. */
  const applied = (ruling: Ruling, budget: Budget): Applied => {
    if (last?.ruling !== ruling || last.budget.cut !== budget.cut || last.budget.train !== budget.train)
      last = { ruling, budget, keep: applyBudget(ruling, budget) };
    return { ruling, keep: last.keep };
  };
  const both = async (a: Settings, b: Settings): Promise<readonly [Applied, Applied]> => {
    const second = await rulingOf(b.rule);
    const first = held?.rule === JSON.stringify(a.rule) && held.ruling.dataset === dataset() ? held.ruling : await rulingOf(a.rule);
    if (first.dataset !== second.dataset) throw new Error('the forest has changed; ask again');
    return [applied(first, a.budget), { ruling: second, keep: applyBudget(second, b.budget) }];
  };
  return {
    async holdSettings({ rule }) {
      held = { rule: JSON.stringify(rule), ruling: await rulingOf(rule) };
    },
    async compareSettings(a, b) {
      const [first, second] = await both(a, b);
      return { ...compareApplied(first, second, rollouts.rollouts()), isHeld: first.ruling === held?.ruling };
    },
    async comparedRollouts(a, b) {
      const [first, second] = await both(a, b);
      return moved(comparedRollouts(first, second));
    },
    async comparedNodes(a, b, task) {
      const [first, second] = await both(a, b);
      return moved(comparedNodes(first, second, task));
    },
  };
}
