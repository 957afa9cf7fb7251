/** What an export profile is: one kind of training set, from units to the bytes of one file. A member is one file in `profiles/`. */
import { jsonText, type Floats } from '../../core/export/json-text.ts';
import type { OptionValues, ProfileFacts } from '../answers/exporting.ts';
import type { PlannedExport } from './plan.ts';
import type { BranchUnit, TaskUnit, TrainingUnit } from './units.ts';

interface ProfileOf<U extends TrainingUnit> extends ProfileFacts {
  /** Which units it writes. */
  readonly unit: U['kind'];
  /** Records that the file will have. */
  count(planned: PlannedExport, options: OptionValues): number;
  /** What a trainer would trip over, in sentences. */
  warnings(planned: PlannedExport, options: OptionValues): string[];
  /** @param options complete and checked */
  writer(planned: PlannedExport, options: OptionValues): UnitWriter<U>;
}

export type ExportProfile = ProfileOf<BranchUnit> | ProfileOf<TaskUnit>;

/** Writes one file. */
export interface UnitWriter<U extends TrainingUnit = TrainingUnit> {
  /** What stands before the first record. */
  readonly head?: Uint8Array;
  /** A unit's record, valid until the next call; null where the unit gives none. */
  write(unit: U): Uint8Array | null;
  /** What stands behind the last record, such as the footer of a table. */
  finish?(): Uint8Array | Promise<Uint8Array>;
}

/**
 * A writer of JSON Lines. `record` makes the object of a unit, or null where it gives no record.
 * @param floats which of its members are floats; each of those has a decimal point, without which loaders refuse large files
 */
export function jsonLines<U extends TrainingUnit>(
  record: (unit: U, planned: PlannedExport, options: OptionValues) => object | null,
  floats: Floats = {},
): (planned: PlannedExport, options: OptionValues) => UnitWriter<U> {
  const encoder = new TextEncoder();
  return (planned, options) => ({
    write(unit) {
      const made = record(unit, planned, options);
      return made === null ? null : encoder.encode(`${jsonText(made, floats)}\n`);
    },
  });
}
