/** The mix of tags that an export is to have: which tasks are taken, and what their weights are multiplied by. docs/axes.md */
import { hash128 } from '../../base/hash.ts';
import type { AxisId } from '../../core/axes/axes.ts';
import { saidOf, tagNames, tagsInForce } from '../../core/axes/force.ts';
import { mixFactors, sampleSizes } from '../../core/axes/mix.ts';
import { capOf, cellOf, EACH, poolOf, readMix, type MixTarget, type MixWay } from '../../core/axes/mix-text.ts';
import { taskTags, type Notes } from '../../core/notes/notes.ts';
import { ungrouped, type Group } from '../../core/rollouts/regard.ts';
import type { MixedPool, RecordSettings } from '../answers/exporting.ts';

/** What is said of tasks: with notes that no session holds, nothing. */
export interface SaidOfTasks {
  readonly notes: Notes;
  readonly group: Group;
}

interface Pool {
  readonly name: string;
  /** The most tasks of a cap; null: there is none. */
  readonly asked: number | null;
  /** What was asked, as a whole number; 0: nothing. */
  readonly share: number;
  /** Tasks with records, in the order of their ranks. */
  readonly tasks: number[];
}

export interface Mixing {
  readonly way: MixWay;
  /** task -> index into `pools` */
  readonly poolOf: readonly number[];
  readonly pools: readonly Pool[];
  /** Records of each task before any was left out for the mix. */
  readonly records: Float64Array;
  /** task -> 1: its records are written */
  readonly taken: Uint8Array;
}

/** task -> its tag on every axis, `unknown` where nothing is said: guesses that nobody took over count for nothing. */
export function tagsOfTasks(keys: readonly string[], { notes, group }: SaidOfTasks): readonly Readonly<Record<AxisId, string>>[] {
  const said = taskTags(notes);
  return keys.map((key) => tagNames(tagsInForce(saidOf(said, { key, subject: ungrouped(key, group) }), null)));
}

type MixSettings = Pick<RecordSettings, 'mixBy' | 'mixWay' | 'mix' | 'seed'>;

/** @param keys task -> its key. @param records task -> its records that carry loss. @returns null where no mix is asked for */
export function mixingOf(keys: readonly string[], said: SaidOfTasks, records: Float64Array, settings: MixSettings): Mixing | null {
  const { mixBy, mixWay, mix, seed } = settings;
  if (mixBy === 'off') return null;
  const read = readMix(mix, mixBy, mixWay);
  if (!read.ok) throw new Error(`records: mix takes ${read.expected}; found ${mix}`);
  const cells = tagsOfTasks(keys, said).map((tags) => cellOf(mixBy, tags));
  const { pools, poolOf: own } = poolsOf(cells, read.target, mixWay);
  const ranks = keys.map((key) => hash128(`${seed}\nmix\n${key}`));
  const ranked = [...keys.keys()].sort((a, b) => ((ranks[a] ?? '') < (ranks[b] ?? '') ? -1 : 1));
  for (const task of ranked) if ((records[task] ?? 0) > 0) pools[own[task] ?? 0]?.tasks.push(task);
  const taken = new Uint8Array(keys.length);
  const sizes = sizesOf(pools, mixWay);
  for (const [at, pool] of pools.entries()) for (const task of pool.tasks.slice(0, sizes[at])) taken[task] = 1;
  return { way: mixWay, poolOf: own, pools, records, taken };
}

/** Pools in the order of what was asked, then of their names; what nothing is asked of is one by itself. */
function poolsOf(cells: readonly string[], target: MixTarget, way: MixWay): { readonly pools: Pool[]; readonly poolOf: readonly number[] } {
  const found = new Map<string, number | null>();
  for (const [name, asked] of target) if (name !== EACH) found.set(name, asked);
  for (const cell of [...new Set(cells)].sort()) {
    const pool = poolOf(target, cell);
    // Nothing is asked of it: a cap leaves all of it, and a mix none.
    if (pool === null) found.set(cell, null);
    else if (!found.has(pool.pool)) found.set(pool.pool, pool.asked);
  }
  const names = [...found.keys()];
  return {
    pools: [...found].map(([name, asked]) => ({
      name,
      asked: asked === null || way !== 'cap' ? null : capOf(asked),
      share: asked ?? 0,
      tasks: [],
    })),
    poolOf: cells.map((cell) => names.indexOf(poolOf(target, cell)?.pool ?? cell)),
  };
}

function sizesOf(pools: readonly Pool[], way: MixWay): readonly number[] {
  if (way === 'cap') return pools.map(({ asked, tasks }) => Math.min(asked ?? Infinity, tasks.length));
  if (way === 'weight') return pools.map(({ share, tasks }) => (share > 0 ? tasks.length : 0));
  return sampleSizes(pools.map(({ name, share, tasks }) => ({ name, share, tasks: tasks.length })));
}

/** task -> what its weights are multiplied by. @param mass task -> sum of the weights of its tokens with loss */
export function factorsOf({ way, pools, poolOf: own }: Mixing, mass: Float64Array): Float64Array {
  if (way !== 'weight') return new Float64Array(mass.length).fill(1);
  const sums = pools.map(() => 0);
  for (const [task, weight] of mass.entries()) sums[own[task] ?? 0] = (sums[own[task] ?? 0] ?? 0) + weight;
  const factors = mixFactors(
    pools.map(({ share }) => share),
    sums,
  );
  return Float64Array.from(mass, (_, task) => factors[own[task] ?? 0] ?? 0);
}

/** What came of it. @param written task -> records that are written. @param mass after it, with factors */
export function mixFigures(
  { way, pools, poolOf: own, records }: Mixing,
  written: Float64Array,
  mass: Float64Array,
  factors: Float64Array,
): MixedPool[] {
  const isIn = (pool: number, task: number): boolean => own[task] === pool;
  const value = way === 'weight' ? mass : written.map((count) => (count > 0 ? 1 : 0));
  const total = value.reduce((sum, each) => sum + each, 0);
  const askedOf = ({ share, tasks }: Pool): number => (tasks.length > 0 ? share : 0);
  const sum = pools.reduce((shares, pool) => shares + askedOf(pool), 0);
  return pools.map((pool, at) => {
    const { name, asked, tasks } = pool;
    const sumOf = (column: Float64Array): number => column.reduce((sum, each, task) => sum + (isIn(at, task) ? each : 0), 0);
    return {
      name,
      asked: way === 'cap' ? asked : sum > 0 ? askedOf(pool) / sum : 0,
      tasks: { before: tasks.length, after: tasks.filter((task) => (written[task] ?? 0) > 0).length },
      records: { before: sumOf(records), after: sumOf(written) },
      share: total > 0 ? sumOf(value) / total : 0,
      factor: factors[tasks[0] ?? -1] ?? 1,
    };
  });
}
