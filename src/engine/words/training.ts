/** The lines that train on what an export has written, with the names that its files have. */
import type { ChosenProfile, ProfileFacts, TrainingLines } from '../answers/exporting.ts';
import { fileNameOf, fileOf } from '../export/file-names.ts';

export interface ProfileTraining {
  readonly profile: string;
  readonly lines: readonly TrainingLines[];
}

/**
 * Of the profiles that were written and that say what trains on them. Where records stand in several files, the lines name all
 * of them by a pattern.
 * @param written names of all files
 */
export function trainingOf(
  profiles: readonly ProfileFacts[],
  chosen: readonly ChosenProfile[],
  written: readonly string[],
): ProfileTraining[] {
  return profiles.flatMap((profile): ProfileTraining[] => {
    const own = chosen.find((each) => each.profile === profile.id);
    const { training } = profile;
    if (own === undefined || training === undefined) return [];
    const file = trainFile(fileOf(profile, own.options ?? {}).fileName, written);
    if (file === null) return [];
    const lines = training.map((each) => ({ ...each, text: each.text.replaceAll(profile.fileName, file) }));
    return [{ profile: profile.id, lines }];
  });
}

/** The file of training records, or a pattern of several; null where none was written. It may be packed (`.gz`, `.zst`). */
function trainFile(fileName: string, written: readonly string[]): string | null {
  const packed = (name: string): string | undefined => ['', '.gz', '.zst'].find((end) => written.includes(name + end));
  const whole = packed(fileName);
  if (whole !== undefined) return fileName + whole;
  const first = fileNameOf({ fileName }, 'train', 0);
  const end = packed(first);
  if (end === undefined) return null;
  const hasMore = packed(fileNameOf({ fileName }, 'train', 1)) !== undefined;
  return (hasMore ? first.replace('-00000', '-*') : first) + end;
}
