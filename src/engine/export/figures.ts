/** What an export comes to: its records, and the default files that the log cannot give. */
import type { ExportFigures } from '../answers/exporting.ts';
import { possibleProfiles } from './choose.ts';
import type { PlannedExport } from './planned.ts';
import { recordFigures } from './record-figures.ts';

export function exportFigures(planned: PlannedExport): ExportFigures {
  return { ...recordFigures(planned), skipped: possibleProfiles(planned.spec, planned.ruling.dataset).skipped };
}
