/** Versions of the policy as logs write them: one, or the first and the last of a span. */

/** `7`, `step 7`, `7–9`: the first and the last version. Names of models with numbers in them are none. */
const VERSIONS = /^(?:(?:step|version|v)[ _-]?)?(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?$/i;

export interface VersionSpan {
  readonly first: number;
  readonly last: number;
  /** The log tells both. */
  readonly isSpan: boolean;
}

/** Whether a value from outside can be a version that others are compared with. */
export function isPolicyVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Null: it is not written so; undefined: nothing is. */
export function readPolicyVersion(text: string): number | undefined | null {
  const word = text.trim();
  if (word === '') return undefined;
  return /^\d{1,15}$/.test(word) ? Number(word) : null;
}

/** Null: no number. */
export function versionSpan(policy: string): VersionSpan | null {
  const [, first, last] = VERSIONS.exec(policy) ?? [];
  if (first === undefined) return null;
  return { first: Number(first), last: Number(last ?? first), isSpan: last !== undefined };
}
