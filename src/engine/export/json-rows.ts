/** Writers of JSON Lines where a unit gives any number of rows. */
import { jsonText, type Floats } from '../../core/export/json-text.ts';
import type { OptionValues } from '../answers/exporting.ts';
import type { PlannedExport } from './plan.ts';
import type { UnitWriter } from './profile.ts';
import type { Tally } from './tally.ts';
import type { TrainingUnit } from './units.ts';

/** @param floats as `jsonLines` has it */
export function jsonRows<U extends TrainingUnit>(
  rowsOf: (unit: U, planned: PlannedExport, options: OptionValues, tally: Tally) => readonly object[],
  floats: Floats = {},
): (planned: PlannedExport, options: OptionValues, tally: Tally) => UnitWriter<U> {
  const encoder = new TextEncoder();
  return (planned, options, tally) => {
    let count = 0;
    return {
      write(unit) {
        const rows = rowsOf(unit, planned, options, tally);
        count += rows.length;
        return rows.length === 0 ? null : encoder.encode(rows.map((row) => `${jsonText(row, floats)}\n`).join(''));
      },
      records: () => count,
    };
  };
}
