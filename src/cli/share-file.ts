/** What `espalier share` leaves to each part of a log, as a file that `espalier prune --share` reads. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Budget, PruneRule } from '../core/model/rule.ts';
import { upgrade, type VersionedFile } from '../core/model/versions.ts';
import { get, isObject } from '../formats/json.ts';
import { readRule } from '../engine/read-rule.ts';
import type { Allotment } from '../engine/stream/shared-budget.ts';
import { UsageError } from './usage.ts';

export const SHARE_FILE: VersionedFile<unknown> = { name: 'share', steps: [] };

/** A part is called by the name of its curve's file. */
export function partName(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}

/** `FILE:PART`: what the file leaves to a part, the rule that all parts were ordered by, and the budget of all. Throws UsageError. */
export function readShare(flag: string): { readonly allotted: Allotment; readonly rule: PruneRule; readonly budget: Budget } {
  const colon = flag.lastIndexOf(':');
  if (colon <= 0) throw new UsageError(`--share: expected FILE:PART, found ${flag}`);
  const [path, part] = [flag.slice(0, colon), flag.slice(colon + 1)];
  const no = (what: string): never => {
    throw new UsageError(`--share: expected ${what} in ${path}`);
  };
  const file = parsed(path);
  const read = upgrade(SHARE_FILE, get(file, 'espalier_share'), file);
  if (!read.ok) throw new UsageError(`--share: ${path}: ${read.reason}`);
  const rule = readRule(get(read.record, 'rule'));
  const [cut, train] = ['cut', 'train'].map((name) => get(get(read.record, 'budget'), name));
  const parts = get(read.record, 'parts');
  const own = isObject(parts) && Object.hasOwn(parts, part) ? parts[part] : no(`a part called ${part}`);
  const [groups, rows] = [get(own, 'groups'), get(own, 'train_rows')];
  if (rule === null || typeof cut !== 'number' || typeof train !== 'number') return no('a rule and a budget');
  if (!isCount(groups) || !(rows === null || isCount(rows))) return no(`groups and train_rows of ${part}`);
  return { allotted: { groups, trainRows: rows ?? Infinity }, rule, budget: { cut, train } };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(`--share: ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
