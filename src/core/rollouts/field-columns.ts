/** The fields of all records as columns: of numbers where all values are, else of words. */
import { MAX_FIELD_CELLS } from '../../base/bounds.ts';
import type { RolloutRow } from '../model/batch.ts';
import { inOrder, type RolloutColumn } from './columns.ts';
import type { FieldValue } from './facts.ts';

/** However few rollouts there are. */
const MAX_FIELD_COLUMNS = 128;
/** What begins the id of every such column. */
const FIELD = 'field.';

interface Gathered {
  readonly name: string;
  readonly numbers: Float64Array;
  /** Once a value is no number. */
  words: { readonly codes: Int32Array; readonly codeOf: Map<string, number> } | null;
}

export interface FieldGatherer {
  /** Fields that are no column, because others are in more rollouts. */
  readonly leftOut: number;
  put(rollout: number, names: readonly string[], values: readonly FieldValue[]): void;
  /** In the order in which the rollouts first have them. */
  columns(): readonly RolloutColumn[];
}

export function makeFieldGatherer(rollouts: readonly Pick<RolloutRow, 'fieldNames'>[]): FieldGatherer {
  const counts = countNames(rollouts);
  const room = Math.min(MAX_FIELD_COLUMNS, Math.floor(MAX_FIELD_CELLS / Math.max(1, rollouts.length)));
  // Sorting is stable: among equals those found first stay.
  const most = new Set(
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, room)
      .map(([name]) => name),
  );
  const fields = new Map<string, Gathered>();
  for (const name of counts.keys())
    if (most.has(name)) fields.set(name, { name, numbers: new Float64Array(rollouts.length).fill(Number.NaN), words: null });
  return {
    leftOut: counts.size - fields.size,
    put(rollout, names, values) {
      for (let at = 0; at < names.length; at++) {
        const field = fields.get(names[at]);
        if (field !== undefined) putValue(field, rollout, values[at]);
      }
    },
    columns: () => Array.from(fields.values(), columnOf),
  };
}

/** name -> rollouts that have it. Lists of names are shared, so each is looked at once. */
function countNames(rollouts: readonly Pick<RolloutRow, 'fieldNames'>[]): Map<string, number> {
  const lists = new Map<readonly string[], number>();
  for (const { fieldNames } of rollouts) if (fieldNames !== undefined) lists.set(fieldNames, (lists.get(fieldNames) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [names, having] of lists) for (const name of names) counts.set(name, (counts.get(name) ?? 0) + having);
  return counts;
}

function putValue(field: Gathered, rollout: number, value: FieldValue): void {
  if (field.words === null && typeof value === 'number') {
    field.numbers[rollout] = value;
    return;
  }
  field.words ??= asWords(field.numbers);
  field.words.codes[rollout] = code(field.words.codeOf, String(value));
}

function asWords(numbers: Float64Array): NonNullable<Gathered['words']> {
  const codeOf = new Map<string, number>();
  return { codes: Int32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : code(codeOf, String(value)))), codeOf };
}

function code(codeOf: Map<string, number>, word: string): number {
  let found = codeOf.get(word);
  if (found === undefined) codeOf.set(word, (found = codeOf.size));
  return found;
}

function columnOf({ name, numbers, words }: Gathered): RolloutColumn {
  const about = { id: `${FIELD}${name}`, label: name, help: `The field ${name} of its record.` };
  if (words === null) return { type: 'number', ...about, unit: null, values: numbers };
  return { type: 'text', ...about, ...inOrder(words.codes, words.codeOf) };
}
