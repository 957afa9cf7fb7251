/** The orders that a session holds: of the last few rules, with the budget that was applied last. */
import type { Budget, PruneRule } from '../core/model/rule.ts';
import type { ImportedScores } from '../core/signal/signal.ts';
import type { Dataset } from './dataset.ts';
import { applyBudget, makeRuling } from './ruling.ts';
import type { Keep, Ruling } from './ruled.ts';
import type { ModelColumns } from './score/columns.ts';
import type { RuleScores } from './score/session-importance.ts';

/** Orders kept for the page's undo and for exports that run while the slider moves. */
const RULINGS = 4;

export interface Orders {
  /** Throws where it is no longer held. */
  of(orderId: number): Ruling;
  isHeld(key: string): boolean;
  /**
   * The order known by `key`, which stands for the rule, the forest and the scores; else a new one. Orders of other
   * forests make room.
   */
  make(
    key: string,
    dataset: Dataset,
    rule: PruneRule,
    columns: { readonly model: ModelColumns | null; readonly imported: ImportedScores | null },
    inputs: () => RuleScores,
  ): Ruling;
  /** The same budget on the same order as before costs nothing. */
  keepOf(orderId: number, budget: Budget): Keep;
  /** Orders stay, but none is found by its key again. */
  forgetKeys(): void;
  clear(): void;
}

export function makeOrders(): Orders {
  const rulings = new Map<number, Ruling>();
  const keys = new Map<number, string>();
  let nextId = 1;
  let last: (Keep & { readonly ruling: Ruling }) | null = null;

  const of = (orderId: number): Ruling => {
    const found = rulings.get(orderId);
    if (!found) throw new Error(`order ${orderId} is no longer held; ask for the order again`);
    return found;
  };
  const known = (key: string): Ruling | undefined => [...rulings.values()].find((held) => keys.get(held.id) === key);
  const drop = (orderId: number): void => {
    rulings.delete(orderId);
    keys.delete(orderId);
    if (last?.ruling.id === orderId) last = null;
  };
  return {
    of,
    isHeld: (key) => known(key) !== undefined,
    make(key, dataset, rule, { model, imported }, inputs) {
      // The page asks for none of an earlier freeze once it has this answer; their forest goes with them.
      for (const [id, held] of rulings) if (held.dataset !== dataset) drop(id);
      const made = known(key) ?? makeRuling(dataset, rule, nextId++, model, imported, inputs());
      // Asked for last, hence dropped last.
      rulings.delete(made.id);
      rulings.set(made.id, made);
      keys.set(made.id, key);
      for (const id of rulings.keys()) if (rulings.size > RULINGS) drop(id);
      return made;
    },
    keepOf(orderId, budget) {
      const ruling = of(orderId);
      if (last?.ruling === ruling && last.budget.cut === budget.cut && last.budget.train === budget.train) return last;
      last = { ...applyBudget(ruling, budget), ruling };
      return last;
    },
    forgetKeys: () => keys.clear(),
    clear() {
      rulings.clear();
      keys.clear();
      last = null;
    },
  };
}
