/** What an export profile is: one kind of training set, from units to the bytes of one file. A member is one file in `profiles/`. */
import type { Convention } from '../../core/export/branches.ts';
import { jsonText, type Floats } from '../../core/export/json-text.ts';
import type { OptionValues, PackCounts, ProfileFacts } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import type { PlannedExport } from './planned.ts';
import type { Tally } from './tally.ts';
import type { LinesUnit } from './line-units.ts';
import type { BranchUnit, TaskUnit, TrainingUnit } from './units.ts';

interface ProfileOf<U extends TrainingUnit> extends ProfileFacts {
  /** Which units it writes. */
  readonly unit: U['kind'];
  /** A task profile that writes the task's records: it gets them with the task. */
  readonly takesRecords?: boolean;
  /** Its records hold token ids: those of one vocabulary are written. */
  readonly writesIds?: true;
  /** Its records say a weight for each token or message; absent: with no options. */
  saysWeights?(options: OptionValues): boolean;
  /** Its files are not divided by split or size, because it is no training set. */
  readonly isWhole?: boolean;
  /** What it writes of a task depends on the others, so a log cannot be written in parts. */
  mixesTasks?(options: OptionValues): boolean;
  /** Records that its files will have between them; null where only writing them tells. */
  count(planned: PlannedExport, options: OptionValues): number | null;
  /** What a trainer would trip over, in sentences; what is met in single records only is for the tally. */
  warnings(planned: PlannedExport, options: OptionValues): string[];
  /** Small files that its trainer needs, beside the profile's own in its folder. @param files names of its own, without the folder */
  beside?(files: readonly string[], options: OptionValues): readonly BesideFile[];
  /** Why the log cannot be written so, in one sentence without a full stop, or null. */
  whyNot?(dataset: Dataset): string | null;
  /** What its writers need first, such as a library that is loaded only where it is used. */
  prepare?(options: OptionValues): Promise<void>;
  /** A writer of one file. @param options complete and checked. @param tally takes what the target cannot express */
  writer(planned: PlannedExport, options: OptionValues, tally: Tally): UnitWriter<U>;
}

export type ExportProfile = ProfileOf<BranchUnit> | ProfileOf<TaskUnit> | ProfileOf<LinesUnit>;

export interface BesideFile {
  readonly name: string;
  readonly text: string;
}

/** Writes one file. */
export interface UnitWriter<U extends TrainingUnit = TrainingUnit> {
  /** What stands before the first record. */
  readonly head?: Uint8Array;
  /** A unit's record, valid until the next call; null where the unit gives none, or its bytes come later. */
  write(unit: U): Uint8Array | null;
  /** Bytes that it will have for the units that it holds; absent: about none. */
  held?(): number;
  /** What stands behind the last record, such as the footer of a table. */
  finish?(): Uint8Array | Promise<Uint8Array>;
  /** Records given to it so far, where that is not one for each unit with bytes. */
  records?(): number;
  /** How well its rows share prefixes. */
  packing?(): PackCounts;
}

/** Records that carry loss by a convention, of those that are written. */
export function countRecords({ records, plan }: PlannedExport, convention: Convention): number {
  return convention === 'train-once' ? records.filter((record) => plan.hasFirstLoss[record] === 1).length : records.length;
}

/**
 * A writer of JSON Lines. `record` makes the object of a unit, or null where it gives no record.
 * @param floats which of its members are floats; each of those has a decimal point, without which loaders refuse large files
 */
export function jsonLines<U extends TrainingUnit>(
  record: (unit: U, planned: PlannedExport, options: OptionValues, tally: Tally) => object | null,
  floats: Floats = {},
): (planned: PlannedExport, options: OptionValues, tally: Tally) => UnitWriter<U> {
  const encoder = new TextEncoder();
  return (planned, options, tally) => ({
    write(unit) {
      const made = record(unit, planned, options, tally);
      return made === null ? null : encoder.encode(`${jsonText(made, floats)}\n`);
    },
  });
}
