/** The verbs of a session about rollouts. */
import type { Budget } from '../../core/model/rule.ts';
import type { RolloutFigures, RolloutsAnswer } from '../answers/rollouts.ts';
import type { Dataset } from '../dataset.ts';
import type { Orders } from '../orders.ts';
import type { ModelColumns } from '../score/model-columns.ts';
import { moved } from '../transferables.ts';
import type { RolloutInput } from './member.ts';
import { rolloutFigures } from './figures.ts';
import { rolloutColumns } from './rollouts.ts';

export interface SessionRollouts {
  /** What is known of each rollout of the forest, whatever the rule. */
  rollouts(): RolloutsAnswer;
  /** What of each rollout the cut keeps and what of it is trained; rollouts are those of the order's forest. */
  rolloutFigures(orderId: number, budget: Budget): RolloutFigures;
}

/** What a person says of what is open, and how its tasks are grouped. */
export type Said = Pick<RolloutInput, 'notes' | 'group'>;

/** What of a session they need. */
interface RolloutsContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly model: () => ModelColumns | null;
  readonly scoreVersion: () => number;
  readonly said: () => Said;
  readonly orders: Orders;
}

export function makeSessionRollouts({ dataset, model, scoreVersion, said, orders }: RolloutsContext): SessionRollouts {
  let held: (Said & { readonly dataset: Dataset; readonly scoreVersion: number; readonly answer: RolloutsAnswer }) | null = null;
  return {
    rollouts() {
      const { notes, group } = said();
      if (held?.dataset !== dataset() || held.scoreVersion !== scoreVersion() || held.notes !== notes)
        held = {
          notes,
          group,
          dataset: dataset(),
          scoreVersion: scoreVersion(),
          answer: rolloutColumns(dataset(), model(), { notes, group }),
        };
      return held.answer;
    },
    rolloutFigures: (orderId, budget) => moved(rolloutFigures(orders.of(orderId), orders.keepOf(orderId, budget))),
  };
}
