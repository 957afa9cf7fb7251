/** What one budget leaves to each part of a log, as a file. */
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { sealed, sealFault, type Sha256 } from '../../core/model/seal.ts';
import { newestVersion, upgrade, type VersionedFile } from '../../core/model/versions.ts';
import { get, isObject } from '../../formats/json.ts';
import { readRule } from '../read-rule.ts';
import type { Allotment, SharedCut } from './shared-budget.ts';

/** From version 2 on it ends in its checksum. */
const SHARE_FILE: VersionedFile<unknown> = { name: 'share', steps: [(share) => share] };
const SEALED = 2;

/** @param rule as text, see `readCurves`. @param names of the parts, in the order of the cut's */
export function shareText(
  rule: string,
  budget: Budget,
  { limits, trainEnds, ...summary }: SharedCut,
  names: readonly string[],
  sha256: Sha256,
): string {
  const parts = names.map((name, i) => {
    const rows = trainEnds[i] ?? 0;
    return [name, { groups: limits[i] ?? 0, train_rows: rows === Infinity ? null : rows }] as const;
  });
  const head = { espalier_share: newestVersion(SHARE_FILE), rule: JSON.parse(rule) as unknown, budget };
  return `${sealed(JSON.stringify({ ...head, ...summary, parts: Object.fromEntries(parts) }, null, 2), sha256)}\n`;
}

export type SharedPart =
  | { readonly ok: true; readonly allotted: Allotment; readonly rule: PruneRule; readonly budget: Budget }
  | { readonly ok: false; readonly reason: string };

/** What is left to a part, the rule that all parts were ordered by, and the budget of all; or why that is not to be had. */
export function readShare(text: string, part: string, sha256: Sha256): SharedPart {
  const written = parsed(text);
  const version = get(written, 'espalier_share');
  const read = upgrade(SHARE_FILE, version, written);
  if (!read.ok) return read;
  const fault =
    get(written, 'sha256') !== undefined || Number(version) >= SEALED ? sealFault(new TextEncoder().encode(text), sha256) : null;
  if (fault !== null) return { ok: false, reason: `expected ${fault.expected}, found ${fault.found}` };
  const rule = readRule(get(read.record, 'rule'));
  const [cut, train] = ['cut', 'train'].map((name) => get(get(read.record, 'budget'), name));
  const parts = get(read.record, 'parts');
  if (!isObject(parts) || !Object.hasOwn(parts, part)) return { ok: false, reason: `expected a part called ${part}` };
  // All of it is checked, before any of it is used.
  for (const name of Object.keys(parts))
    if (allotmentOf(parts[name]) === null) return { ok: false, reason: `expected numbers for groups and train_rows of ${name}` };
  const allotted = allotmentOf(parts[part]);
  if (rule === null || typeof cut !== 'number' || typeof train !== 'number') return { ok: false, reason: 'expected a rule and a budget' };
  if (allotted === null) return { ok: false, reason: `expected numbers for groups and train_rows of ${part}` };
  if (!isShare(cut) || !isShare(train))
    return { ok: false, reason: `expected shares from 0 to 1 as the budget, found ${cut} and ${train}` };
  return { ok: true, allotted, rule, budget: { cut, train } };
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function allotmentOf(value: unknown): Allotment | null {
  const [groups, rows] = [get(value, 'groups'), get(value, 'train_rows')];
  return isCount(groups) && (rows === null || isCount(rows)) ? { groups, trainRows: rows ?? Infinity } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
