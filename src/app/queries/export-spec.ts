/** What an export would write by the choices in force: of the export dialog, and of the command line that a report names. */
import type { ChosenProfile, ExportSpec, ProfileOffer, WeightConvention } from '../../engine/answers/exporting.ts';
import { useExporting } from '../state/exporting.ts';
import { useExportProfiles, usePreset } from './answers.ts';

export interface ChosenExport {
  readonly offers: readonly ProfileOffer[] | undefined;
  /** Null: it is not known yet what the log can give. */
  readonly spec: ExportSpec | null;
  readonly weights: WeightConvention;
}

export function useExportSpec(): ChosenExport {
  const { profiles: chosen, weights: ownWeights, maskErrors, records } = useExporting();
  const preset = usePreset();
  const offers = useExportProfiles().data;
  const weights = ownWeights ?? preset?.weights ?? 'branch-mean';
  if (!offers) return { offers, spec: null, weights };
  const isRedacted = (records.redact ?? 'none') !== 'none';
  return { offers, spec: { profiles: chosenOf(offers, chosen, isRedacted), weights, maskErrors, records }, weights };
}

/** Those chosen that the open log can give; the default ones where nobody has chosen. */
function chosenOf(offers: readonly ProfileOffer[], chosen: readonly ChosenProfile[] | null, isRedacted: boolean): readonly ChosenProfile[] {
  const wanted = chosen ?? offers.filter(({ byDefault }) => byDefault).map(({ id }) => ({ profile: id }));
  return wanted.filter(({ profile }) =>
    offers.some(({ id, unavailable, canRedact }) => id === profile && unavailable === null && (canRedact || !isRedacted)),
  );
}
