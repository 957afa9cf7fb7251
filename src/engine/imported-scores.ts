/** Scores per token that a person brings along: rows of a JSONL file, matched with the tokens of the open forest. */
import { MAX_ADVANTAGE } from '../base/bounds.ts';
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import { NONE } from '../core/model/kinds.ts';
import { isNodeKey, locateNodes } from '../core/model/node-key.ts';
import type { ImportedScores } from '../core/signal/signal.ts';
import { lineEnds } from '../core/source/number-lists.ts';
import { pathTo } from '../core/tree/navigate.ts';
import { decodeText, get, getNumber, getString, isList, isObject, parseJson, toNumber, type JsonObject } from '../formats/json.ts';
import type { ImportAnswer } from './answers/importing.ts';
import type { Dataset } from './dataset.ts';

/** A file of scores, in memory. docs/formats/token-scores.md says what its rows are. */
export interface ScoresInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The member of a row that holds its scores; null: the only one that can. */
  readonly column: string | null;
}

/** What says where a row's scores belong; every other member may be a column. */
const PLACES = new Set(['node', 'rollout', 'task', 'branch', 'position']);
/** Of a file that fits badly every row has an issue; nobody reads more. */
const MOST_ISSUES = 1000;

/** Where a row's first value goes, and the tokens that it may cover. */
interface Place {
  /** Edge tokens in their order. */
  readonly tokens: readonly number[];
  /** One value is for one token, else for all. */
  readonly single: boolean;
}

type Refused = { readonly ok: false; readonly expected: string; readonly found: string };
type Found = { readonly ok: true; readonly place: Place } | Refused;
/** One value for all the tokens, or one for each. */
type Taken = { readonly ok: true; readonly tokens: Iterable<number>; readonly values: readonly number[] } | Refused;

/** Scores that a session holds. */
export interface Imports {
  /** Grows whenever they change. */
  readonly version: number;
  readonly scores: ImportedScores | null;
  /** Takes them in place of those held; where no row fits, those stay. */
  take(dataset: Dataset, input: ScoresInput): ImportAnswer;
  /** The same file on a forest that has grown or shrunk. */
  rematch(dataset: Dataset): void;
  clear(): void;
}

export function makeImports(): Imports {
  let version = 0;
  let held: { readonly input: ScoresInput; readonly scores: ImportedScores | null } | null = null;
  return {
    get version() {
      return version;
    },
    get scores() {
      return held?.scores ?? null;
    },
    take(dataset, input) {
      const { scores, answer } = matchScores(dataset, input);
      if (!answer.ok || answer.matched === 0) return answer;
      held = { input, scores };
      version++;
      return answer;
    },
    rematch(dataset) {
      if (held !== null) held = { input: held.input, scores: matchScores(dataset, held.input).scores };
    },
    clear() {
      held = null;
    },
  };
}

/** @returns the column and how its rows fared: matched + unmatched = rows. Never throws over what the file holds. */
function matchScores(dataset: Dataset, { name, bytes, column }: ScoresInput): { scores: ImportedScores | null; answer: ImportAnswer } {
  const rows = parseRows(bytes);
  const named = column ?? onlyColumn(rows);
  if (named === null) return { scores: null, answer: { ok: false, reason: whyNoColumn(rows) } };
  const { forest } = dataset.tokens;
  const sum = new Float64Array(forest.edgeTokens.length);
  const count = new Uint32Array(sum.length);
  const issues: Issue[] = [];
  let unmatched = 0;
  let negative = 0;
  const nodes = locateNodes(
    forest.keys,
    rows.map(({ record }) => nodeOf(record)),
  );
  const places = placesOf(dataset);
  for (const [index, row] of rows.entries()) {
    const taken = takeRow(dataset, places, row.record, nodes[index] ?? NONE, named);
    if (!taken.ok) {
      unmatched++;
      const { expected, found: instead } = taken;
      const address = bytesAt(row.start, row.size);
      if (issues.length < MOST_ISSUES)
        issues.push({ severity: 'note', file: name, line: row.line, address, code: 'score-unmatched', expected, found: instead });
      continue;
    }
    let next = 0;
    for (const at of taken.tokens) {
      const value = taken.values.length === 1 ? taken.values[0] : taken.values[next++];
      if (value === undefined || Number.isNaN(value)) continue;
      if (value < 0) negative++;
      sum[at] = (sum[at] ?? 0) + value;
      count[at] = (count[at] ?? 0) + 1;
    }
  }
  const values = Float32Array.from(sum, (total, at) => ((count[at] ?? 0) > 0 ? total / (count[at] ?? 1) : Number.NaN));
  let tokens = 0;
  for (const times of count) if (times > 0) tokens++;
  const answer: ImportAnswer = {
    ok: true,
    name: named,
    file: name,
    rows: rows.length,
    matched: rows.length - unmatched,
    unmatched,
    tokens,
    negative,
    issues,
  };
  return { scores: { name: named, values }, answer };
}

interface Row {
  readonly line: number;
  readonly start: number;
  readonly size: number;
  readonly record: JsonObject | null;
}

/** Lines that are not blank. */
function parseRows(bytes: Uint8Array): Row[] {
  const rows: Row[] = [];
  let start = 0;
  let line = 0;
  for (const end of [...lineEnds(bytes), bytes.length]) {
    line++;
    const text = decodeText(bytes.subarray(start, end)).text.replace(/^\uFEFF/, '');
    if (text.trim() !== '') {
      const parsed = parseJson(text);
      rows.push({ line, start, size: end - start, record: parsed.ok && isObject(parsed.value) ? parsed.value : null });
    }
    start = end + 1;
  }
  return rows;
}

function isScore(value: unknown): boolean {
  return toNumber(value) !== undefined || (isList(value) && value.some((one) => toNumber(one) !== undefined));
}

/** The members that could be scores in every row that names a place, in the order of the first. */
function columnsOf(rows: readonly Row[]): string[] {
  const first = rows.find(({ record }) => record !== null)?.record ?? null;
  return first === null ? [] : Object.keys(first).filter((key) => !PLACES.has(key) && isScore(get(first, key)));
}

function onlyColumn(rows: readonly Row[]): string | null {
  const columns = columnsOf(rows);
  return columns.length === 1 ? (columns[0] ?? null) : null;
}

function whyNoColumn(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  return columns.length === 0
    ? 'expected rows with a number, or a list of numbers, beside node or rollout; found none'
    : `expected the name of a column: the rows have ${columns.join(', ')}`;
}

function nodeOf(record: JsonObject | null): string {
  const key = record === null ? undefined : getString(record, 'node');
  return isNodeKey(key) ? key : '';
}

function refuse(expected: string, found: string): Refused {
  return { ok: false, expected, found };
}

interface Places {
  /** rollout id -> its rows in the rollout table */
  readonly rollouts: ReadonlyMap<string, readonly number[]>;
  /** row of the rollout table -> its trajectories */
  readonly trajectories: ReadonlyMap<number, readonly number[]>;
}

function placesOf({ tokens }: Dataset): Places {
  const { length, rollout } = tokens.forest.trajectories;
  return {
    rollouts: grouped(tokens.rollouts.length, (row) => tokens.rollouts[row]?.id ?? ''),
    trajectories: grouped(length, (t) => rollout[t] ?? NONE),
  };
}

function grouped<K>(length: number, keyOf: (index: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (let i = 0; i < length; i++) {
    const group = groups.get(keyOf(i));
    if (group) group.push(i);
    else groups.set(keyOf(i), [i]);
  }
  return groups;
}

function takeRow(dataset: Dataset, places: Places, record: JsonObject | null, node: number, column: string): Taken {
  if (record === null) return refuse('an object', 'no JSON object');
  const found = placeOf(dataset, places, record, node);
  return found.ok ? valuesOf(get(record, column), found.place, column) : found;
}

/** The tokens that a row speaks of. */
function placeOf(dataset: Dataset, { rollouts, trajectories }: Places, record: JsonObject, node: number): Found {
  const { forest } = dataset.tokens;
  if (get(record, 'node') !== undefined) {
    if (node === NONE) return refuse('the key of a node of this forest', shown(get(record, 'node')));
    const from = forest.edgeStart[node] ?? 0;
    const to = forest.edgeStart[node + 1] ?? 0;
    return { ok: true, place: { tokens: Array.from({ length: to - from }, (_, i) => from + i), single: false } };
  }
  const id = getString(record, 'rollout');
  if (id === undefined) return refuse('a node or a rollout', 'neither');
  const task = getString(record, 'task');
  const known = (rollouts.get(id) ?? []).filter((row) => task === undefined || dataset.tokens.rollouts[row]?.task === task);
  if (known.length !== 1) return refuse('the id of one rollout', `${known.length === 0 ? 'none' : known.length} of the id ${shown(id)}`);
  const branch = getNumber(record, 'branch') ?? 0;
  const trajectory = trajectories.get(known[0] ?? NONE)?.find((t) => forest.trajectories.branch[t] === branch);
  if (trajectory === undefined) return refuse('a branch of the rollout', shown(branch));
  const position = getNumber(record, 'position');
  const all = tokensOf(dataset, trajectory);
  if (position === undefined) return { ok: true, place: { tokens: all, single: false } };
  if (!Number.isInteger(position) || position < 0 || position >= all.length)
    return refuse(`a position below ${all.length}`, shown(position));
  return { ok: true, place: { tokens: all.slice(position), single: true } };
}

/** position in the trajectory -> edge token */
function tokensOf({ tokens: { forest } }: Dataset, trajectory: number): number[] {
  const all: number[] = [];
  for (const n of pathTo(forest, forest.trajectories.leaf[trajectory] ?? 0))
    for (let at = forest.edgeStart[n] ?? 0; at < (forest.edgeStart[n + 1] ?? 0); at++) all.push(at);
  return all;
}

/** A number is for every token of the place, or for the one at a position; a list has one for each from there on. */
function valuesOf(value: unknown, { tokens, single }: Place, column: string): Taken {
  const number = toNumber(value);
  if (number !== undefined) {
    if (!isScoreValue(number)) return refuse(`a number of at most ${MAX_ADVANTAGE} in size`, shown(value));
    return { ok: true, tokens: single ? tokens.slice(0, 1) : tokens, values: [number] };
  }
  if (!isList(value)) return refuse(`a number or a list at ${column}`, shown(value));
  const fits = single ? value.length <= tokens.length : value.length === tokens.length;
  if (!fits) return refuse(`${single ? 'at most ' : ''}${tokens.length} numbers at ${column}`, `${value.length}`);
  const values = value.map((one) => (one === null ? Number.NaN : (toNumber(one) ?? Number.POSITIVE_INFINITY)));
  const odd = values.findIndex((one) => !Number.isNaN(one) && !isScoreValue(one));
  if (odd >= 0) return refuse(`numbers of at most ${MAX_ADVANTAGE} in size, or null`, `${shown(value[odd])} at entry ${odd}`);
  return { ok: true, tokens: tokens.slice(0, values.length), values: values.length === 1 ? [values[0] ?? 0] : values };
}

/** What a token can be worth: beyond it products and float32 columns overflow. */
function isScoreValue(number: number): boolean {
  return Math.abs(number) <= MAX_ADVANTAGE;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
