/** The slow oracle of prefix costs: every record written out, every pair of query and key looked at one by one. */
import fc from 'fast-check';
import type { WayCounts } from '../../../../src/core/prefix/ways.ts';

export interface Written {
  readonly ids: readonly number[];
  /** token -> it trains */
  readonly trains: readonly boolean[];
}

/** Records over few tokens, so that many share a beginning, and some are equal. */
export const someRecords: fc.Arbitrary<readonly Written[]> = fc
  .array(fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 7 })
  .chain((records) => fc.tuple(fc.constant(records), fc.array(fc.nat(6), { maxLength: 5 }), fc.nat(14)))
  .map(([records, grafts, length]) => {
    // Longer beginnings in common than chance gives.
    const all = [...records, ...grafts.map((g) => [...(records[g % records.length] ?? []).slice(0, length), ...(records[0] ?? [])])];
    return all.map((record) => ({ ids: record.map(([id]) => id), trains: record.map(([, trains]) => trains) }));
  });

/** A token that is computed: what it sees (places in the same sequence, itself among them), and whether a loss depends on it. */
interface Computed {
  readonly sees: readonly number[];
  readonly isNeeded: boolean;
}

/** A loss depends on a token's output where a later token of its record trains. */
const needed = ({ trains }: Written, at: number): boolean => trains.some((is, i) => is && i > at);

function count(sequences: readonly (readonly Computed[])[], block: number): WayCounts {
  const sum = { tokens: 0, keys: 0, backTokens: 0, backKeys: 0, blockKeys: 0 };
  for (const sequence of sequences) {
    const blocks = new Set<string>();
    for (const [query, { sees, isNeeded }] of sequence.entries()) {
      sum.tokens++;
      if (isNeeded) sum.backTokens++;
      for (let key = 0; key < sequence.length; key++) {
        if (!sees.includes(key)) continue;
        sum.keys++;
        if (isNeeded) sum.backKeys++;
        blocks.add(`${Math.floor(query / block)} ${Math.floor(key / block)}`);
      }
    }
    sum.blockKeys += blocks.size * block * block;
  }
  return sum;
}

const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, i) => i);

export function flatOracle(records: readonly Written[], block: number): WayCounts {
  return count(
    records.map((record) => record.ids.map((_, at) => ({ sees: upTo(at), isNeeded: needed(record, at) }))),
    block,
  );
}

/** Distinct beginnings, in depth-first order. */
export function distinctBeginnings(records: readonly Written[]): number[][] {
  const found = new Map<string, number[]>();
  for (const { ids } of records) for (let end = 1; end <= ids.length; end++) found.set(ids.slice(0, end).join(' '), ids.slice(0, end));
  return Array.from(found.values()).sort((a, b) => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
    return a.length - b.length;
  });
}

const begins = (ids: readonly number[], beginning: readonly number[]): boolean =>
  beginning.length <= ids.length && beginning.every((id, i) => ids[i] === id);

export function treeOracle(records: readonly Written[], block: number): WayCounts {
  const all = distinctBeginnings(records);
  const sequence = all.map((own) => ({
    sees: Array.from(all.keys()).filter((at) => begins(own, all[at] ?? [])),
    isNeeded: records.some((record) => begins(record.ids, own) && needed(record, own.length - 1)),
  }));
  return count([sequence], block);
}

export function grouperOracle(records: readonly Written[], block: number): WayCounts {
  const sequences = [...new Set(records.map(({ ids }) => ids[0]))].map((first) => {
    const members = records.filter(({ ids }) => ids[0] === first);
    let prefix = 1;
    const fits = (length: number): boolean =>
      members.every(
        ({ ids, trains }) =>
          ids.length >= length &&
          ids.slice(0, length).join() === members[0]?.ids.slice(0, length).join() &&
          !trains.some((is, i) => is && i > 0 && i < length),
      );
    while (fits(prefix + 1)) prefix++;
    const sequence: Computed[] = upTo(prefix - 1).map((at) => ({ sees: upTo(at), isNeeded: members.some((record) => needed(record, at)) }));
    for (const record of members) {
      const start = sequence.length;
      for (let at = prefix; at < record.ids.length; at++)
        sequence.push({ sees: [...upTo(prefix - 1), ...upTo(at - prefix).map((i) => start + i)], isNeeded: needed(record, at) });
    }
    return sequence;
  });
  return count(sequences, block);
}
