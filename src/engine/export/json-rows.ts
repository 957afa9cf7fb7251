/** Writers of JSON Lines where a unit gives any number of rows. */
import { joinBytes } from '../../base/bytes.ts';
import { jsonText, type Floats } from '../../core/export/json-text.ts';
import type { OptionValues } from '../answers/exporting.ts';
import type { PlannedExport } from './planned.ts';
import type { UnitWriter } from './profile.ts';
import type { Tally } from './tally.ts';
import type { TrainingUnit } from './units.ts';

/** @param floats as `jsonLines` has it */
export function jsonRows<U extends TrainingUnit>(
  rowsOf: (unit: U, planned: PlannedExport, options: OptionValues, tally: Tally) => Iterable<object>,
  floats: Floats = {},
): (planned: PlannedExport, options: OptionValues, tally: Tally) => UnitWriter<U> {
  const encoder = new TextEncoder();
  return (planned, options, tally) => {
    let count = 0;
    return {
      write(unit) {
        // Row by row, because rows of one record may repeat most of it.
        const lines: Uint8Array[] = [];
        for (const row of rowsOf(unit, planned, options, tally)) lines.push(encoder.encode(`${oneLine(jsonText(row, floats))}\n`));
        count += lines.length;
        return lines.length === 0 ? null : joinBytes(lines);
      },
      records: () => count,
    };
  };
}

/** Readers that split lines as Python's `splitlines` does end one at these too, which JSON need not escape. */
function oneLine(json: string): string {
  return json.replace(/[\u0085\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
