/** The scalar members of a record, whatever its format: what a table can show beside the conversation. */
import { MAX_FIELDS_OF_A_RECORD } from '../base/bounds.ts';
import type { FieldValue } from '../core/rollouts/facts.ts';
import type { ColumnTree } from './columns.ts';
import { isList, type JsonObject } from './json.ts';

export interface Fields {
  /** As `a.b` where a member of an object; the lists of records of one structure are one list. */
  readonly names: readonly string[];
  /** Parallel to `names`. */
  readonly values: readonly FieldValue[];
  /** Those that would have been taken but are too many or too long. */
  readonly leftOut: number;
}

/** Of a field's name, and of its text: what is longer is no column, and is counted. */
const MAX_FIELD_CHARACTERS = 256;
/** Levels of objects that are looked into, below the record or a rollout's entry of it. */
const LEVELS = 3;

interface Taking {
  readonly taken: Map<string, FieldValue>;
  leftOut: number;
}

/**
 * Of each rollout of a record: its members that are numbers, words or verdicts, and those of objects down to three levels; behind
 * them, of lists that have one entry for each rollout, the entry's own. O(record) for all its rollouts together.
 * @param record untrusted JSON
 * @param rollouts how many the record gives
 * @param columns those of its format: what stands there is of tokens, however few there are, and no field
 */
export function fieldsOf(record: unknown, rollouts: number, columns?: ColumnTree): (rollout: number) => Fields {
  const common: Taking = { taken: new Map(), leftOut: 0 };
  const lists: { readonly name: string; readonly list: readonly unknown[] }[] = [];
  takeMembers(common, '', record, (name, list) => {
    if (list.length === rollouts && !isColumnName(name, columns)) lists.push({ name, list });
  });
  return (rollout) => {
    const own: Taking = { taken: new Map(common.taken), leftOut: common.leftOut };
    for (const { name, list } of lists) {
      const entry = list[rollout];
      if (!isPlain(entry)) take(own, name, entry);
      else if (!isMessage(entry)) takeMembers(own, name, entry, () => undefined);
    }
    return finished(own);
  };
}

/** A tree without keys is a column that nobody reads. */
function isColumnName(name: string, columns: ColumnTree | undefined): boolean {
  let at: ColumnTree[string] | undefined = columns;
  for (const key of name.split('.')) at = typeof at === 'object' && Object.hasOwn(at, key) ? at[key] : undefined;
  return typeof at === 'string' || (at !== undefined && Object.keys(at).length === 0);
}

function takeMembers(into: Taking, name: string, value: unknown, onList: (name: string, list: readonly unknown[]) => void): void {
  let level: { readonly name: string; readonly object: JsonObject }[] = isPlain(value) ? [{ name, object: value }] : [];
  for (let depth = 0; depth <= LEVELS; depth++) {
    const below: typeof level = [];
    for (const { name: above, object } of level) {
      for (const key of Object.keys(object)) {
        const own = above === '' ? key : `${above}.${key}`;
        const member = object[key];
        if (isList(member)) onList(own, member);
        else if (isPlain(member)) below.push({ name: own, object: member });
        else take(into, own, member);
      }
    }
    level = below;
  }
}

/** The fields of a record with those that its format has read of it behind them. @param parts of the reward, by name */
export function withParts({ names, values, leftOut }: Fields, parts: Readonly<Record<string, number>> = {}): Fields {
  const more: Taking = { taken: new Map(names.map((name, at) => [name, values[at] ?? ''])), leftOut };
  for (const name of Object.keys(parts)) take(more, `reward.${name}`, parts[name]);
  return finished(more);
}

function finished({ taken, leftOut }: Taking): Fields {
  return { names: sharedNames([...taken.keys()]), values: [...taken.values()], leftOut };
}

function take(into: Taking, name: string, value: unknown): void {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  const isText = typeof value === 'string' && value !== '';
  if ((!isNumber && !isText && typeof value !== 'boolean') || into.taken.has(name)) return;
  const isLong = name.length > MAX_FIELD_CHARACTERS || (isText && value.length > MAX_FIELD_CHARACTERS);
  if (isLong || into.taken.size >= MAX_FIELDS_OF_A_RECORD) into.leftOut++;
  else into.taken.set(name, value);
}

/** A message is no field of the rollout. */
function isMessage(entry: JsonObject): boolean {
  return ['role', 'content', 'from'].some((key) => Object.hasOwn(entry, key));
}

/** Of JSON, and no column of numbers. */
function isPlain(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Records of one structure share their list of names: a clone of many rows then holds it once. */
const lists = new Map<string, readonly string[]>();
const LISTS = 1_000;

function sharedNames(names: readonly string[]): readonly string[] {
  const key = JSON.stringify(names);
  const known = lists.get(key);
  if (known !== undefined) return known;
  if (lists.size >= LISTS) lists.clear();
  lists.set(key, names);
  return names;
}
