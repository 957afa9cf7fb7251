/** What a trainer computes of the records of an export, and of the whole log, with and without sharing of prefixes. */
import type { Way, WayCounts, WayTable } from '../../core/prefix/ways.ts';

/** `export`: the records that an export writes at this budget. `log`: every trajectory that acts leave, to its end. */
export const RECORD_SETS = ['export', 'log'] as const;
export type RecordSet = (typeof RECORD_SETS)[number];

export interface PrefixCostSettings {
  /** Tokens that the model takes: longer records are counted, and computed all the same. */
  readonly context: number;
  /** Tokens of a block of the attention kernel. */
  readonly kernel: number;
}

/** row -> of a task that has records */
export type WayColumns = Readonly<Record<keyof WayCounts, Float64Array<ArrayBuffer>>>;

export interface RecordSetCost {
  readonly records: number;
  readonly totals: WayTable;
  /** Tokens of the longest record, of the largest group with its prompt once, and of the largest tree: held at once where it is not cut. */
  readonly largest: Readonly<Record<Way, number>>;
  /** Records of more tokens than the context, and their tokens beyond it. */
  readonly overContext: { readonly records: number; readonly tokens: number };
  /** Tasks that have records: rows of `TaskTable`. */
  readonly task: Int32Array<ArrayBuffer>;
  readonly taskRecords: Int32Array<ArrayBuffer>;
  readonly taskLongest: Int32Array<ArrayBuffer>;
  readonly taskOverContext: Int32Array<ArrayBuffer>;
  readonly columns: Readonly<Record<Way, WayColumns>>;
}

export interface PrefixCostAnswer {
  readonly settings: PrefixCostSettings;
  readonly sets: Readonly<Record<RecordSet, RecordSetCost>>;
  /** Row of `TaskTable` -> the task's key; of all tasks, with and without records. */
  readonly taskKeys: readonly string[];
}

export interface PrefixPackingSettings {
  /** Tokens of a block. */
  readonly room: number;
  /** Blocks may hold records of several tasks. */
  readonly across: boolean;
}

/** One packing. Runs stand block after block, from left to right. */
export interface PackingPicture {
  /** Tokens of all blocks; of those, what an earlier run already holds; blocks, and how few there could be at best. */
  readonly tokens: number;
  readonly repeated: number;
  readonly blocks: number;
  readonly fewest: number;
  /** What is left of the blocks. */
  readonly padding: number;
  readonly err: number;
  /** block -> its first run; one more entry than there are blocks */
  readonly start: Int32Array<ArrayBuffer>;
  readonly runTokens: Int32Array<ArrayBuffer>;
  /** run -> index into RUN_KINDS */
  readonly runKind: Uint8Array<ArrayBuffer>;
  /** run -> row of `TaskTable` */
  readonly runTask: Int32Array<ArrayBuffer>;
  /** run -> tokens above it, and records that it is part of */
  readonly runDepth: Int32Array<ArrayBuffer>;
  readonly runRecords: Int32Array<ArrayBuffer>;
}

export interface PrefixPackingAnswer {
  readonly set: RecordSet;
  readonly settings: PrefixPackingSettings;
  /** Records that are packed, their tokens each written out, and the distinct ones of those. */
  readonly records: number;
  readonly flatTokens: number;
  readonly treeTokens: number;
  /** Potential overlap ratio of what is packed. */
  readonly por: number;
  /** Records longer than a block, in neither packing. */
  readonly tooLong: { readonly records: number; readonly tokens: number };
  readonly flat: PackingPicture;
  readonly tree: PackingPicture;
}
