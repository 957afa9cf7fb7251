/** A file at an address whose host answers ranges of it. Plain data, so that it crosses threads: whoever holds it can read it. */

export interface RangeFile {
  /** Absolute. */
  readonly address: string;
  /** Bytes. */
  readonly size: number;
  /**
   * What the host says of the version that is read: its ETag, else when it was modified. Null: whichever version there is, as of a file
   * that grows, or of a host that tells nothing.
   */
  readonly tag: string | null;
  /** Origins that may be asked for it, as of `FetchHow`. */
  readonly hosts: readonly string[];
  /** Its address names one version, which does not change. */
  readonly isFixed?: boolean;
  /** Of the person, for this host alone: sent with each request, kept in memory only. */
  readonly token?: string;
}

export function isRangeFile(value: unknown): value is RangeFile {
  return typeof value === 'object' && value !== null && 'address' in value && 'size' in value && 'hosts' in value;
}
