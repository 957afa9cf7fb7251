/** Columns of what was counted in rollouts while they were read, and of the fields of their records. */
import { makeGrowable, push, trimmed } from '../../base/growable.ts';
import type { RolloutRow } from '../model/batch.ts';
import { inOrder, type RolloutColumn, type SetColumn } from './columns.ts';
import { unpackFacts } from './facts.ts';
import { makeFieldGatherer } from './field-columns.ts';

/** Columns by rollout; NaN where the input tells nothing of it. */
export interface FactColumns {
  readonly turns: Float64Array;
  readonly calls: Float64Array;
  readonly errors: Float64Array;
  readonly parallel: Float64Array;
  readonly tools: Pick<SetColumn, 'start' | 'items' | 'words'>;
  readonly fields: readonly RolloutColumn[];
  /** Fields that are no column, and values of single records that were too many or too long. */
  readonly leftOut: { readonly columns: number; readonly values: number };
}

/** O(rollouts · their fields). */
export function readFacts(rollouts: readonly RolloutRow[]): FactColumns {
  const { length } = rollouts;
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const counts = { turns: unknown(), calls: unknown(), errors: unknown(), parallel: unknown() };
  const start = new Int32Array(length + 1);
  const items = makeGrowable(Int32Array);
  const tools = new Map<string, number>();
  const fields = makeFieldGatherer(rollouts);
  let values = 0;
  for (let r = 0; r < length; r++) {
    const { facts, fieldNames = [] } = rollouts[r];
    if (facts !== undefined) {
      const own = unpackFacts(facts);
      for (const name of ['turns', 'calls', 'errors', 'parallel'] as const) counts[name][r] = own[name];
      const codes = own.tools.map((tool) => {
        if (!tools.has(tool)) tools.set(tool, tools.size);
        return tools.get(tool) ?? 0;
      });
      for (const item of codes) push(items, item);
      fields.put(r, fieldNames, own.fields);
      values += own.fieldsLeftOut;
    }
    start[r + 1] = items.length;
  }
  return {
    ...counts,
    tools: setsInOrder(start, trimmed(items), tools),
    fields: fields.columns(),
    leftOut: { columns: fields.leftOut, values },
  };
}

/** Items by order of arrival, as items of the words in natural order: of each rollout ascending. Changes `items`. */
function setsInOrder(start: Int32Array, items: Int32Array, arrived: ReadonlyMap<string, number>): FactColumns['tools'] {
  const { codes, words } = inOrder(items, arrived);
  for (let r = 0; r + 1 < start.length; r++) codes.subarray(start[r], start[r + 1]).sort();
  return { start, items: codes, words };
}
