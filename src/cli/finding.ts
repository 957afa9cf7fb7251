/** Filters over an open log, as the library answers them: which rollouts one takes, and where its words stand. */
import { termsOf } from '../core/filter/filter.ts';
import { parseFilter } from '../core/filter/parse.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { RolloutColumns } from '../core/rollouts/columns.ts';
import { rolloutKeyOf } from '../core/rollouts/rollout-key.ts';
import type { OpenSettings } from '../engine/answers/opening.ts';
import type { FoundPlace, SearchProgress, Taken, Unsearched } from '../engine/answers/searching.ts';
import type { InputFile } from '../engine/input-file.ts';
import { makeSession, type Session } from '../engine/session.ts';
import { unpack } from '../platform/node/unpack.ts';
import { parsePool } from './parse-pool.ts';
import { UsageError } from './usage.ts';

/** A rollout as a filter finds it. */
export interface FoundRollout {
  /** Name of its file, and its line there; 0 where it has none. */
  readonly file: string;
  readonly line: number;
  /** Its id, and the name of its task. */
  readonly rollout: string;
  readonly task: string;
  /** Places of the filter's words in it, of which `places` holds the first. */
  readonly total: number;
  readonly places: readonly FoundPlace[];
}

export interface FoundRollouts {
  /** The filter as it was asked. */
  readonly filter: string;
  /** All that were looked at. */
  readonly of: number;
  readonly rollouts: readonly Omit<FoundRollout, 'places'>[];
  /** Rollouts whose texts could not be looked through; null: none. */
  readonly unsearched: Unsearched | null;
}

/** All rollouts as columns, and those that a filter takes. */
export interface RolloutTable {
  /** Columns of numbers, words and sets of words, each over all rollouts. */
  readonly table: RolloutColumns;
  /** rollout -> its key, the same whatever is opened beside */
  readonly keys: readonly string[];
  /** Rollouts that the filter takes, in the order of the inputs. */
  readonly taken: Int32Array<ArrayBuffer>;
  /** Fields of the log that are no column, and values of single records that were too many or too long. */
  readonly leftOut: { readonly columns: number; readonly values: number };
}

type Told = ((progress: SearchProgress) => void) | undefined;

/** Rollouts whose places are read at once, and places of one that are told. */
const AT_ONCE = 64;
const MOST_PLACES = 100_000;

export function holdsExpression(filter: string): boolean {
  const parsed = parseFilter(filter);
  return parsed.ok && [...termsOf(parsed.filter)].some(({ kind }) => kind === 'expression');
}

async function ask(session: Session, filter: string, onProgress: Told): Promise<Taken> {
  const answer = await session.where(filter, null, onProgress ?? (() => undefined));
  if (!answer.ok) throw new UsageError(`${filter}: ${answer.fault}`);
  return answer;
}

export async function takenBy(session: Session, filter: string, onProgress: Told): Promise<FoundRollouts> {
  const { taken, hits, unsearched } = await ask(session, filter, onProgress);
  const all = session.rollouts();
  const named = naming(all, all.line);
  return { filter, of: taken.length, rollouts: indices(taken).map((r) => ({ ...named(r), total: hits?.[r] ?? 0 })), unsearched };
}

export async function rolloutTable(session: Session, filter: string | undefined, onProgress: Told): Promise<RolloutTable> {
  const taken = filter === undefined ? null : (await ask(session, filter, onProgress)).taken;
  const { length, columns, keys, leftOut } = session.rollouts();
  const rows = taken === null ? Int32Array.from({ length }, (_, r) => r) : Int32Array.from(indices(taken));
  return { table: { length, columns }, keys, leftOut, taken: rows };
}

export async function* placesOf(session: Session, filter: string, onProgress: Told): AsyncGenerator<FoundRollout> {
  const { taken, hits } = await ask(session, filter, onProgress);
  const all = session.rollouts();
  const named = naming(all, all.line);
  const rollouts = indices(taken);
  for (let from = 0; from < rollouts.length; from += AT_ONCE) {
    const some = rollouts.slice(from, from + AT_ONCE);
    const withHits = some.filter((r) => (hits?.[r] ?? 0) > 0);
    const found = new Map((await session.search(filter, withHits, MOST_PLACES)).map((each) => [each.rollout, each]));
    for (const r of some) yield { ...named(r), total: found.get(r)?.total ?? 0, places: found.get(r)?.hits ?? [] };
  }
}

/** Whether a filter takes a row of a log that is read again. @param path of the row's input */
export async function takenRows(
  files: readonly InputFile[],
  settings: OpenSettings,
  filter: string,
): Promise<(path: string, row: RolloutRow) => boolean> {
  const session = makeSession({ pool: parsePool(files, settings.tokenizer.kind, holdsExpression(filter)), unpack });
  await session.open(files, settings, () => undefined);
  const { taken } = await ask(session, filter, undefined);
  const { keys } = session.rollouts();
  const wanted = new Set(keys.filter((_, r) => taken[r] === 1));
  return (path, row) => wanted.has(rolloutKeyOf(path, row));
}

function indices(taken: Uint8Array): number[] {
  return Array.from(taken, (is, r) => (is === 1 ? r : -1)).filter((r) => r >= 0);
}

function naming(
  { columns }: RolloutColumns,
  line: Int32Array,
): (rollout: number) => Pick<FoundRollout, 'file' | 'line' | 'rollout' | 'task'> {
  const text = (id: string, rollout: number): string => {
    const column = columns.find((each) => each.id === id);
    return column?.type === 'text' ? (column.words[column.codes[rollout] ?? -1] ?? '') : '';
  };
  return (r) => ({ file: text('file', r), line: line[r] ?? 0, rollout: text('id', r), task: text('task', r) });
}
