/** Which profiles there are for a log, and which of them an export asks for. */
import type { ExportSpec, OptionValues, ProfileOffer, SkippedProfile } from '../answers/exporting.ts';
import type { Dataset } from '../dataset.ts';
import { withoutMessages } from '../read-back.ts';
import { completeOptions } from './options.ts';
import type { ExportProfile } from './profile.ts';
import { PROFILES } from './profiles/index.ts';

export interface OpenProfile {
  readonly profile: ExportProfile;
  readonly options: OptionValues;
}

/** What is written where nobody chooses. */
export function defaultExport(): ExportSpec {
  return {
    profiles: PROFILES.filter(({ byDefault }) => byDefault).map(({ id }) => ({ profile: id })),
    weights: 'branch-mean',
    maskErrors: false,
    skipUnavailable: true,
  };
}

/**
 * The profiles of an export with all their options, in the order of the registry and each once: the same files whatever
 * the order of asking. Throws for profiles and options that are not there.
 */
export function chosenProfiles({ profiles }: ExportSpec): OpenProfile[] {
  for (const { profile } of profiles) if (!PROFILES.some(({ id }) => id === profile)) throw new Error(`no export profile ${profile}`);
  return PROFILES.flatMap((profile) => {
    const chosen = profiles.find((candidate) => candidate.profile === profile.id);
    return chosen ? [{ profile, options: completeOptions(profile, chosen.options ?? {}) }] : [];
  });
}

/** The chosen profiles that the log can give, and those that are left out. Throws where none is left, or none may be left out. */
export function possibleProfiles(spec: ExportSpec, dataset: Dataset): { possible: OpenProfile[]; skipped: SkippedProfile[] } {
  const possible: OpenProfile[] = [];
  const skipped: SkippedProfile[] = [];
  for (const open of chosenProfiles(spec)) {
    const reason = whyUnavailable(open.profile, dataset) ?? whyNotRedacted(open.profile, spec) ?? whyNotWeighted(open, spec);
    if (reason === null) possible.push(open);
    else skipped.push({ profile: open.profile.id, reason });
  }
  const [first] = skipped;
  if (first && (spec.skipUnavailable !== true || possible.length === 0)) throw new Error(`${first.profile}: ${first.reason}`);
  return { possible, skipped };
}

export function profileOffers(dataset: Dataset): ProfileOffer[] {
  return PROFILES.map((profile) => {
    const { id, label, family, about, specification, fileName, mediaType, kind, formats, needs, options, byDefault, training } = profile;
    const unavailable = whyUnavailable(profile, dataset);
    return {
      id,
      label,
      family,
      about,
      specification,
      fileName,
      mediaType,
      kind,
      formats,
      needs,
      options,
      byDefault,
      training,
      unavailable,
      canRedact: canRedact(profile),
    };
  });
}

function canRedact({ needs, writesIds }: ExportProfile): boolean {
  return needs.includes('messages') && writesIds !== true;
}

/** Ids spell what stood there, and other ids would be no longer what the policy sampled: so no file of ids is written. */
function whyNotRedacted(profile: ExportProfile, { records }: ExportSpec): string | null {
  if ((records?.redact ?? 'none') === 'none' || canRedact(profile)) return null;
  if (profile.unit === 'lines') return 'Lines are written as they were read, with all that is redacted; take a profile of messages';
  return 'Token ids would still spell what is redacted; take a profile of messages, or redact nothing';
}

/** Why a mix by weights cannot be written as these files, or null. Throws as `chosenProfiles` does. */
export function mixFault(spec: ExportSpec): string | null {
  for (const open of chosenProfiles(spec)) {
    const reason = whyNotWeighted(open, spec);
    if (reason !== null) return `${open.profile.id}: ${reason}`;
  }
  return null;
}

/** What a mix multiplies has to be said in the file. */
function whyNotWeighted({ profile, options }: OpenProfile, { records, weights }: ExportSpec): string | null {
  const { mixBy = 'off', mixWay = 'sample' } = records ?? {};
  if (mixBy === 'off' || mixWay !== 'weight' || profile.isWhole === true) return null;
  if (weights === 'train-once') return 'A mix by weights needs weights: choose branch-mean or kept-mean, or a mix by sample or cap';
  if (profile.saysWeights?.(options) === true) return null;
  return 'Its records cannot say the weights of a mix: choose a mix by sample or cap, or files such as tokens and messages';
}

/** Why a log cannot give a profile, or null. */
function whyUnavailable(profile: ExportProfile, dataset: Dataset): string | null {
  const { needs } = profile;
  const wordless = needs.includes('messages') ? withoutMessages(dataset) : null;
  if (wordless !== null) return wordless;
  if (needs.includes('log-probs') && dataset.tokens.forest.channels.surprisal === null) return 'The log holds no log-probs';
  return profile.whyNot?.(dataset) ?? null;
}
