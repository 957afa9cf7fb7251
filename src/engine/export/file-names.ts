/** The names of a profile's files: of each split, and of each shard. */
import type { OptionValues, ProfileFacts, ProfileFile, Split } from '../answers/exporting.ts';

/** The file of a profile with these options. */
export function fileOf(profile: ProfileFacts, options: OptionValues): ProfileFile {
  return profile.formats?.[String(options['format'])] ?? profile;
}

/** @param shard number of the file where a profile may have several, else null */
export function fileNameOf({ fileName }: Pick<ProfileFacts, 'fileName'>, split: Split, shard: number | null): string {
  const slash = fileName.lastIndexOf('/') + 1;
  const dot = fileName.indexOf('.', slash);
  const stem = fileName.slice(slash, dot);
  const named = split === 'train' ? stem : stem === 'train' ? 'validation' : `${stem}-validation`;
  const numbered = shard === null ? named : `${named}-${String(shard).padStart(5, '0')}`;
  return fileName.slice(0, slash) + numbered + fileName.slice(dot);
}

/** Whether a file is text, which gzip makes much smaller; tables and tensors are packed by their own formats or not at all. */
export function isText({ kind }: Pick<ProfileFile, 'kind'>): boolean {
  return kind === 'jsonl' || kind === 'json';
}

/** The name of a file as gzip, or as it is. */
export function packedName(name: string, packs: boolean): string {
  return packs ? `${name}.gz` : name;
}

/** Whether an export with that profile may write a file of that name, with any settings. */
export function mayWrite({ fileName }: Pick<ProfileFacts, 'fileName'>, name: string): boolean {
  const slash = fileName.lastIndexOf('/') + 1;
  if (slash > 0) return name.startsWith(fileName.slice(0, slash));
  const dot = fileName.indexOf('.');
  const stem = fileName.slice(0, dot);
  const end = fileName.slice(dot);
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name;
  const middle = plain.startsWith(stem) && plain.endsWith(end) ? plain.slice(stem.length, plain.length - end.length) : null;
  return middle !== null && /^(?:-validation)?(?:-\d{5})?$/.test(middle);
}
