/** The verbs of a session about rollouts. */
import type { Budget } from '../../core/model/rule.ts';
import type { RolloutColumn } from '../../core/rollouts/columns.ts';
import type { RolloutFigures, RolloutsAnswer } from '../answers/rollouts.ts';
import type { Notes } from '../../core/notes/notes.ts';
import type { Dataset } from '../dataset.ts';
import type { Orders } from '../orders.ts';
import type { ModelColumns } from '../score/columns.ts';
import { moved } from '../transferables.ts';
import { rolloutFigures } from './figures.ts';
import { rolloutColumns } from './rollouts.ts';
import { saidOn } from './said-on.ts';

export interface SessionRollouts {
  /** What is known of each rollout of the forest, whatever the rule. */
  rollouts(): RolloutsAnswer;
  /** What of each rollout the cut keeps and what of it is trained; rollouts are those of the order's forest. */
  rolloutFigures(orderId: number, budget: Budget): RolloutFigures;
}

/** What of a session they need. */
interface RolloutsContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly model: () => ModelColumns | null;
  readonly scoreVersion: () => number;
  readonly orders: Orders;
}

export function makeSessionRollouts({ dataset, model, scoreVersion, orders }: RolloutsContext): SessionRollouts {
  let held: { readonly notes: Notes; readonly dataset: Dataset; readonly scoreVersion: number; readonly answer: RolloutsAnswer } | null =
    null;
  return {
    rollouts() {
      const { notes } = saidOn(dataset());
      if (held?.dataset !== dataset() || held.scoreVersion !== scoreVersion() || held.notes !== notes)
        held = { notes, dataset: dataset(), scoreVersion: scoreVersion(), answer: rolloutColumns(dataset(), model()) };
      return held.answer;
    },
    rolloutFigures: (orderId, budget) => moved(rolloutFigures(orders.of(orderId), orders.keepOf(orderId, budget))),
  };
}

/** The same for another thread: arrays are copied here, where a copy holds nobody up, and move over. */
export function crossing(answer: RolloutsAnswer): RolloutsAnswer {
  const arrays: (Float64Array | Int32Array)[] = [];
  const doubles = (array: Float64Array): Float64Array => {
    const copy = array.slice();
    arrays.push(copy);
    return copy;
  };
  const codes = (array: Int32Array): Int32Array => {
    const copy = array.slice();
    arrays.push(copy);
    return copy;
  };
  const columns = answer.columns.map((column): RolloutColumn => {
    if (column.type === 'number') return { ...column, values: doubles(column.values) };
    if (column.type === 'text') return { ...column, codes: codes(column.codes) };
    return { ...column, start: codes(column.start), items: codes(column.items) };
  });
  return moved({ ...answer, columns, task: answer.task.slice(), line: answer.line.slice(), arrays });
}
