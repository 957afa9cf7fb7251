/** From version 2 of a forest export to 3, which says of each trajectory what it sampled, and to 4, which numbers rollouts. */
import { member } from '../rule/json.ts';

/**
 * Version 2 counts per node how many trajectories sampled it: all, none, or, where they disagree, as many of the first ones
 * through it as were counted, so that coefficients stay. What does not add up stays as it is, for the reader to refuse.
 */
export function withSampledRuns(record: unknown): unknown {
  const parents = listOf(record, 'parent');
  const runs = listOf(record, 'token_ids');
  const sampled = listOf(record, 'sampled_count');
  const entries = listOf(record, 'trajectories');
  if (typeof record !== 'object' || !parents || !runs || !sampled || !entries) return record;
  const passed = new Map<number, number>();
  return {
    ...record,
    trajectories: entries.map((entry) => {
      const leaf = member(entry, 'leaf');
      if (typeof entry !== 'object' || !isRow(leaf, parents.length)) return entry;
      const path = pathTo(parents, leaf);
      const own: number[] = [];
      let depth = 0;
      for (const n of path) {
        const run = runs[n];
        const length = Array.isArray(run) ? run.length : 0;
        const before = passed.get(n) ?? 0;
        passed.set(n, before + 1);
        const count = sampled[n];
        if (typeof count === 'number' && before < count && length > 0) {
          if (own.at(-1) === depth) own.pop();
          else own.push(depth);
          own.push(depth + length);
        }
        depth += length;
      }
      return { ...entry, sampled: own };
    }),
  };
}

/**
 * Version 3 names rollouts by their id and place, which two may share: then the second trajectory of one branch is of the second
 * rollout.
 */
export function withRolloutNumbers(record: unknown): unknown {
  const entries = listOf(record, 'trajectories');
  if (typeof record !== 'object' || !entries) return record;
  const times = new Map<string, number>();
  const numbers = new Map<string, number>();
  return {
    ...record,
    trajectories: entries.map((entry) => {
      if (typeof entry !== 'object' || entry === null) return entry;
      const source = member(entry, 'source');
      const name = JSON.stringify([member(source, 'name'), member(source, 'line'), member(entry, 'rollout')]);
      const branch = `${JSON.stringify(member(entry, 'branch') ?? 0)} ${name}`;
      const time = times.get(branch) ?? 0;
      times.set(branch, time + 1);
      const number = numbers.get(`${time} ${name}`) ?? numbers.size;
      numbers.set(`${time} ${name}`, number);
      return { ...entry, number };
    }),
  };
}

function listOf(record: unknown, name: string): readonly unknown[] | null {
  const list = member(record, name);
  return Array.isArray(list) ? list : null;
}

function isRow(value: unknown, rows: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < rows;
}

/** From the root; shorter where a parent does not come before its child. */
function pathTo(parents: readonly unknown[], leaf: number): number[] {
  const path = [leaf];
  for (let n = leaf; ;) {
    const above = parents[n];
    if (!isRow(above, n)) return path.reverse();
    path.push(above);
    n = above;
  }
}
