/** Tasks as trees of their records, packed into rows of a bounded length. */
import { joinTrees, sampleTree, type Sample, type SampleTree } from '../../core/export/sample-tree.ts';
import type { TokenRow } from '../../core/export/token-row.ts';
import { packTree } from '../../core/export/tree-bins.ts';
import { treeRows, type TreeRow } from '../../core/export/tree-rows.ts';
import type { OptionValues, PackCounts } from '../answers/exporting.ts';
import type { PlannedExport } from './planned.ts';
import { rowValues } from './row-values.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit, TaskUnit } from './units.ts';

/** Where tasks share bins, they are gathered until they have so many times the tokens of a bin. */
const WINDOW = 64;

/** A row with what its samples are, in their order. */
export interface PackedRow {
  readonly row: TreeRow;
  readonly origins: readonly BranchUnit['origin'][];
}

export interface TreePacker {
  /** Rows that are complete with this task. */
  take(unit: TaskUnit): PackedRow[];
  /** Rows of the tasks that wait for more. */
  rest(): PackedRow[];
  /** Of all rows given so far. */
  counts(): PackCounts;
}

interface GatheredTask {
  readonly tree: SampleTree;
  readonly origins: readonly BranchUnit['origin'][];
}

/** @param options `tokens` and `multiple` of a row, and whether tasks share rows (`across`) */
export function makeTreePacker(planned: PlannedExport, options: OptionValues, tally: Tally): TreePacker {
  const values = rowValues(planned);
  const { limit, multiple } = rowLength(options);
  const counts = { flat: 0, tree: 0, packed: 0, padding: 0 };
  let gathered: GatheredTask[] = [];
  let waiting = 0;

  const pack = (): PackedRow[] => {
    const tree = joinTrees(gathered.map((each) => each.tree));
    const origins = gathered.flatMap((each) => each.origins);
    gathered = [];
    waiting = 0;
    const bins = packTree(tree, limit, multiple);
    for (const { tokens } of bins) counts.packed += tokens;
    return treeRows(tree, bins, multiple).map((row, i): PackedRow => {
      counts.padding += row.ids.length - (bins[i]?.tokens ?? 0);
      return { row, origins: Array.from(row.samples).flatMap((sample) => origins[sample] ?? []) };
    });
  };

  return {
    take({ records }) {
      const samples: Sample[] = [];
      const origins: BranchUnit['origin'][] = [];
      for (const record of records) {
        const sample = sampleOf(record);
        if (sample === null) continue;
        samples.push(sample);
        origins.push(record.origin);
        counts.flat += sample.ids.length;
      }
      if (samples.length === 0) return [];
      const tree = sampleTree(samples);
      gathered.push({ tree, origins });
      counts.tree += tree.ids.length;
      waiting += tree.ids.length;
      return options['across'] !== true || waiting >= WINDOW * limit ? pack() : [];
    },
    rest: () => (gathered.length === 0 ? [] : pack()),
    counts: () => ({ ...counts }),
  };

  function sampleOf(record: BranchUnit): Sample | null {
    const row = record.row(planned.spec.weights);
    if (row === null) return null;
    const end = row.ids.length <= limit ? row.ids.length : turnEnd(row, limit);
    if (end < row.ids.length)
      tally.add(
        `records longer than ${limit.toLocaleString('en')} tokens, ${end === 0 ? 'left out' : 'cut after the last turn that fits'}`,
      );
    tally.add('trained tokens of long records, left out', row.weight.subarray(end).filter((weight) => weight > 0).length);
    if (end === 0) return null;
    tally.add('trained tokens that a record begins with, which nothing predicts', (row.weight[0] ?? 0) > 0 ? 1 : 0);
    return {
      ids: row.ids.subarray(0, end),
      weight: row.weight.subarray(0, end),
      advantage: values.advantage(row).subarray(0, end),
      logprob: values.logprob(row).subarray(0, end),
    };
  }
}

/** The tokens that a row may have: a multiple, and at least one. */
export function rowLength({ tokens, multiple }: OptionValues): { readonly limit: number; readonly multiple: number } {
  const step = Number(multiple);
  return { limit: Math.max(step, Math.floor(Number(tokens) / step) * step), multiple: step };
}

/** Where a record ends that may have `limit` tokens, fewer than it has: behind the last run of trained tokens that fits; 0: none does. */
function turnEnd({ weight }: TokenRow, limit: number): number {
  const isTrained = (i: number): boolean => (weight[i] ?? 0) > 0;
  let end = limit;
  // A run that goes on behind the limit is not whole.
  if (isTrained(limit)) while (end > 0 && isTrained(end - 1)) end--;
  while (end > 0 && !isTrained(end - 1)) end--;
  return end;
}
