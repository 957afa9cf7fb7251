/** Records that are copies of each other: of the same tokens with loss on the same ones, or of nearly the same trained tokens. */
import { mix32 } from '../../../base/hash.ts';
import { makeGrowable, push } from '../../../base/growable.ts';
import type { TokenRow } from '../../../core/export/token-row.ts';
import type { Copies, NearCopies, RecordPlace } from '../../answers/preflight.ts';
import type { PlannedExport } from '../planned.ts';
import { rolloutOrigin, type BranchUnit } from '../units.ts';
import { NEAR, nearCopies } from './near-copies.ts';

/** Records that are compared with each other, at most. */
const MOST_COMPARED = 20_000;

export interface CopyFinder {
  take(unit: BranchUnit, row: TokenRow): void;
  /** @param rest called often; what it gives is waited for */
  finish(rest: () => Promise<void> | null): Promise<{ readonly exact: Copies; readonly near: NearCopies }>;
}

/** @param most records compared, for tests */
export function makeCopyFinder(planned: PlannedExport, most = MOST_COMPARED): CopyFinder {
  const { dataset, problem } = planned.ruling;
  const seen = {
    /** Two halves of a hash of the record's tokens and of which of them carry loss. */
    a: makeGrowable(Int32Array),
    b: makeGrowable(Int32Array),
    task: makeGrowable(Int32Array),
    rollout: makeGrowable(Int32Array),
  };
  /** A draw of records by a hash of their number: those with the least hashes, whatever their number. */
  let drawn: { readonly item: number; readonly hash: number; readonly unit: BranchUnit }[] = [];
  let limit = Infinity;
  const thin = (): void => {
    drawn = drawn.sort((x, y) => x.hash - y.hash).slice(0, most);
    limit = drawn.at(-1)?.hash ?? limit;
  };
  const figures = (items: readonly number[], groupOf: (i: number) => number): Copies => {
    const taskOf = (item: number): number => seen.task.data[item] ?? 0;
    const place = (item: number): RecordPlace => ({
      task: dataset.tokens.tasks[taskOf(item)]?.key ?? '',
      rollout: rolloutOrigin(planned, seen.rollout.data[item] ?? 0).rollout,
    });
    const groups = new Map<number, { size: number; example: readonly [number, number] }>();
    let acrossTasks = 0;
    let acrossSplits = 0;
    items.forEach((item, i) => {
      const first = groupOf(i);
      if (first === i) return;
      const leader = items[first] ?? 0;
      const group = groups.get(first) ?? { size: 1, example: [leader, item] as const };
      group.size++;
      groups.set(first, group);
      if (taskOf(leader) !== taskOf(item)) acrossTasks++;
      if (planned.splits[taskOf(leader)] !== planned.splits[taskOf(item)]) acrossSplits++;
    });
    const sizes = [...groups.values()];
    const largest = sizes.reduce<(typeof sizes)[number] | null>((best, group) => (best && best.size >= group.size ? best : group), null);
    return {
      records: sizes.reduce((sum, { size }) => sum + size - 1, 0),
      groups: sizes.length,
      acrossTasks,
      acrossSplits,
      example: largest && [place(largest.example[0]), place(largest.example[1])],
    };
  };
  return {
    take(unit, row) {
      const { a, b } = hashOf(row);
      push(seen.a, a);
      push(seen.b, b);
      push(seen.task, unit.task);
      const item = push(seen.rollout, problem.forest.trajectories.rollout[unit.trajectory] ?? 0);
      const hash = mix32(item ^ 0x2545f491) >>> 0;
      if (hash > limit) return;
      // What was said is not held for later.
      drawn.push({ item, hash, unit: { ...unit, said: null } });
      if (drawn.length >= 2 * most) thin();
    },
    async finish(rest) {
      if (drawn.length > most) thin();
      const compared = drawn.sort((x, y) => x.item - y.item);
      const tokensOf = (i: number): Int32Array => trainedTokens(compared[i]?.unit.row(planned.spec.weights) ?? null);
      const { group, estimated } = await nearCopies(compared.length, tokensOf, rest);
      const all = Array.from({ length: seen.task.length }, (_, item) => item);
      return {
        exact: figures(all, firstOfEqual(seen.a.data, seen.b.data, all)),
        near: {
          ...figures(
            compared.map(({ item }) => item),
            (i) => group[i] ?? i,
          ),
          ...NEAR,
          compared: compared.length,
          estimated,
        },
      };
    },
  };
}

function firstOfEqual(a: Int32Array, b: Int32Array, items: readonly number[]): (item: number) => number {
  const first = new Map<string, number>();
  const group = items.map((item) => {
    const key = `${a[item]} ${b[item]}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, item);
    return known ?? item;
  });
  return (item) => group[item] ?? item;
}

function hashOf({ ids, weight }: TokenRow): { readonly a: number; readonly b: number } {
  let a = 0x9747b28c | 0;
  let b = 0x2545f491 | 0;
  for (let i = 0; i < ids.length; i++) {
    const value = Math.imul(ids[i] ?? 0, 2) + ((weight[i] ?? 0) > 0 ? 1 : 0);
    a = Math.imul((a << 13) | (a >>> 19), 5) ^ Math.imul(value, 0xcc9e2d51);
    b = mix32(b ^ value) + i;
  }
  return { a: mix32(a ^ ids.length), b: mix32(b) };
}

function trainedTokens(row: TokenRow | null): Int32Array {
  return row === null ? new Int32Array(0) : row.ids.filter((_, i) => (row.weight[i] ?? 0) > 0);
}
