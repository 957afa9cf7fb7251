/** Counts of a set of records, task by task. */
import type { RecordTree } from '../../../core/prefix/record-tree.ts';
import { addCounts, countWays, NO_COUNTS, prefixGroups, type Way, type WayTable } from '../../../core/prefix/ways.ts';
import type { PrefixCostSettings, RecordSetCost, WayColumns } from '../../answers/prefix-cost.ts';
import type { TaskTree } from './record-sets.ts';

interface TaskCost {
  readonly task: number;
  readonly ways: WayTable;
  readonly records: number;
  readonly largest: Readonly<Record<Way, number>>;
  readonly over: { readonly records: number; readonly tokens: number };
}

export function taskCost({ task, tree }: TaskTree, { context, kernel }: PrefixCostSettings): TaskCost {
  const long = tree.tokens.filter((tokens) => tokens > context);
  return {
    task,
    ways: countWays(tree, kernel),
    records: tree.end.length,
    largest: largestOf(tree),
    over: { records: long.length, tokens: long.reduce((sum, tokens) => sum + tokens - context, 0) },
  };
}

function largestOf(tree: RecordTree): Record<Way, number> {
  const groups = prefixGroups(tree).map(({ members, prefix }) => members.reduce((sum, r) => sum + (tree.tokens[r] ?? 0) - prefix, prefix));
  return { flat: most(tree.tokens), grouper: most(groups), tree: tree.tokenStart[tree.length] ?? 0 };
}

function most(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

export function setCost(tasks: readonly TaskCost[]): RecordSetCost {
  const sum = (of: (task: TaskCost) => number): number => tasks.reduce((total, task) => total + of(task), 0);
  const byWay = <T>(of: (way: Way) => T): Record<Way, T> => ({ flat: of('flat'), grouper: of('grouper'), tree: of('tree') });
  const columns = (way: Way): WayColumns => ({
    tokens: Float64Array.from(tasks, ({ ways }) => ways[way].tokens),
    keys: Float64Array.from(tasks, ({ ways }) => ways[way].keys),
    backTokens: Float64Array.from(tasks, ({ ways }) => ways[way].backTokens),
    backKeys: Float64Array.from(tasks, ({ ways }) => ways[way].backKeys),
    blockKeys: Float64Array.from(tasks, ({ ways }) => ways[way].blockKeys),
  });
  return {
    records: sum(({ records }) => records),
    totals: byWay((way) => tasks.reduce((total, { ways }) => addCounts(total, ways[way]), NO_COUNTS)),
    largest: byWay((way) => most(tasks.map(({ largest }) => largest[way]))),
    overContext: { records: sum(({ over }) => over.records), tokens: sum(({ over }) => over.tokens) },
    task: Int32Array.from(tasks, ({ task }) => task),
    taskRecords: Int32Array.from(tasks, ({ records }) => records),
    taskLongest: Int32Array.from(tasks, ({ largest }) => largest.flat),
    taskOverContext: Int32Array.from(tasks, ({ over }) => over.records),
    columns: byWay(columns),
  };
}
