/** What an export would write by the choices in force: of the export dialog, and of the command line that a report names. */
import type { ChosenProfile, ExportSpec, ProfileOffer, WeightConvention } from '../../engine/answers/exporting.ts';
import { useExporting } from '../state/exporting.ts';
import { useExportProfiles, usePreset } from './answers.ts';

export interface ChosenExport {
  readonly offers: readonly ProfileOffer[] | undefined;
  /** Null: it is not known yet what the log can give. */
  readonly spec: ExportSpec | null;
  readonly weights: WeightConvention;
  /** Labels of files that were wanted and are left out, because their token ids would still spell what is redacted. */
  readonly leftOut: readonly string[];
}

export function useExportSpec(): ChosenExport {
  const { profiles: chosen, weights: ownWeights, maskErrors, records } = useExporting();
  const preset = usePreset();
  const offers = useExportProfiles().data;
  const weights = ownWeights ?? preset?.weights ?? 'branch-mean';
  if (!offers) return { offers, spec: null, weights, leftOut: [] };
  const isRedacted = (records.redact ?? 'none') !== 'none';
  const wanted = wantedOf(offers, chosen);
  const profiles = isRedacted ? wanted.filter(({ offer }) => offer.canRedact) : wanted;
  const leftOut = wanted.filter((each) => !profiles.includes(each)).map(({ offer }) => offer.label);
  return { offers, spec: { profiles: profiles.map(({ own }) => own), weights, maskErrors, records }, weights, leftOut };
}

/** Those chosen that the open log can give, with what it offers; the default ones where nobody has chosen. */
function wantedOf(
  offers: readonly ProfileOffer[],
  chosen: readonly ChosenProfile[] | null,
): readonly { readonly own: ChosenProfile; readonly offer: ProfileOffer }[] {
  const wanted = chosen ?? offers.filter(({ byDefault }) => byDefault).map(({ id }) => ({ profile: id }));
  return wanted.flatMap((own) => {
    const offer = offers.find(({ id, unavailable }) => id === own.profile && unavailable === null);
    return offer === undefined ? [] : [{ own, offer }];
  });
}
