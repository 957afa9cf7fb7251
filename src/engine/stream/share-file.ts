/** What one budget leaves to each part of a log, as a file. */
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { newestVersion, upgrade, type VersionedFile } from '../../core/model/versions.ts';
import { get, isObject } from '../../formats/json.ts';
import { readRule } from '../read-rule.ts';
import type { Allotment, SharedCut } from './shared-budget.ts';

const SHARE_FILE: VersionedFile<unknown> = { name: 'share', steps: [] };

/** @param rule as text, see `readCurves`. @param names of the parts, in the order of the cut's */
export function shareText(rule: string, budget: Budget, { limits, trainEnds, ...summary }: SharedCut, names: readonly string[]): string {
  const parts = names.map((name, i) => {
    const rows = trainEnds[i] ?? 0;
    return [name, { groups: limits[i] ?? 0, train_rows: rows === Infinity ? null : rows }] as const;
  });
  const head = { espalier_share: newestVersion(SHARE_FILE), rule: JSON.parse(rule) as unknown, budget };
  return `${JSON.stringify({ ...head, ...summary, parts: Object.fromEntries(parts) }, null, 2)}\n`;
}

export type SharedPart =
  | { readonly ok: true; readonly allotted: Allotment; readonly rule: PruneRule; readonly budget: Budget }
  | { readonly ok: false; readonly reason: string };

/** What is left to a part, the rule that all parts were ordered by, and the budget of all; or why that is not to be had. */
export function readShare(text: string, part: string): SharedPart {
  const read = upgrade(SHARE_FILE, get(parsed(text), 'espalier_share'), parsed(text));
  if (!read.ok) return read;
  const rule = readRule(get(read.record, 'rule'));
  const [cut, train] = ['cut', 'train'].map((name) => get(get(read.record, 'budget'), name));
  const parts = get(read.record, 'parts');
  if (!isObject(parts) || !Object.hasOwn(parts, part)) return { ok: false, reason: `expected a part called ${part}` };
  const [groups, rows] = [get(parts[part], 'groups'), get(parts[part], 'train_rows')];
  if (rule === null || typeof cut !== 'number' || typeof train !== 'number') return { ok: false, reason: 'expected a rule and a budget' };
  if (!isCount(groups) || !(rows === null || isCount(rows)))
    return { ok: false, reason: `expected numbers for groups and train_rows of ${part}` };
  return { ok: true, allotted: { groups, trainRows: rows ?? Infinity }, rule, budget: { cut, train } };
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
