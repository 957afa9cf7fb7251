/** Versions of the policy as logs write them: one, or the first and the last of a span. */

/** `7`, `step 7`, `7–9`: the first and the last version. Names of models with numbers in them are none. */
const VERSIONS = /^(?:(?:step|version|v)[ _-]?)?(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?$/i;

export interface VersionSpan {
  readonly first: number;
  readonly last: number;
  /** The log tells both. */
  readonly isSpan: boolean;
}

/** Null: no number. */
export function versionSpan(policy: string): VersionSpan | null {
  const [, first, last] = VERSIONS.exec(policy) ?? [];
  if (first === undefined) return null;
  return { first: Number(first), last: Number(last ?? first), isSpan: last !== undefined };
}
