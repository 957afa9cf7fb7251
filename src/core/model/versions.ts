/** Versions of the files that are Espalier's own: an older one is upgraded on reading, step by step; a newer one is refused. */

/** A kind of file, or of record in a file, whose shape has a version. docs/formats/ has a page for each. */
export interface VersionedFile<T> {
  /** As a sentence names it, for example `forest export`. */
  readonly name: string;
  /** The version that is written: a step for each one before it, the first of which leads from version 1 to 2. */
  readonly steps: readonly ((record: T) => T)[];
}

export type Upgraded<T> = { readonly ok: true; readonly record: T } | { readonly ok: false; readonly reason: string };

/** The version that is written. */
export function newestVersion<T>(file: VersionedFile<T>): number {
  return file.steps.length + 1;
}

/** @param version as the file states it, untrusted. @returns the record in the newest shape, or why it cannot be read. */
export function upgrade<T>(file: VersionedFile<T>, version: unknown, record: T): Upgraded<T> {
  const newest = newestVersion(file);
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    return { ok: false, reason: `expected a ${file.name} of version ${newest} or earlier, found none` };
  if (version > newest)
    return {
      ok: false,
      reason: `this ${file.name} is of version ${version}, from a newer Espalier; this one reads up to version ${newest}`,
    };
  return { ok: true, record: file.steps.slice(version - 1).reduce((older, step) => step(older), record) };
}
