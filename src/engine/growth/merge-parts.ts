/**
 * Rollouts that paused and went on are one: the records that later ones go on with leave the forest, whose task is built anew without
 * them, and stay beside it. What comes of it depends on the records alone, not on whether they came at once or one after another.
 */
import { bytesAt } from '../../core/model/address.ts';
import type { RolloutRow, TrajectoryBatch } from '../../core/model/batch.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { Issue } from '../../core/model/issue.ts';
import { continuedBy, episodeKey } from '../../core/rollouts/continued.ts';
import { actionTrajectories } from '../../core/tree/actions.ts';
import type { Frozen } from '../../core/tree/freeze.ts';
import { makeGrowingForest } from '../../core/tree/growing.ts';
import type { Dataset, MergedPart } from '../dataset.ts';
import { countIssue } from '../issue-log.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { ParsePool } from '../pool.ts';
import { settledOpening } from '../settle.ts';
import { rereadRollouts, rowsBySource } from './reread.ts';

const UNMERGED = 'parts-not-merged';

/** Records of an input, by its number, that could not be read again. */
class NotReread extends Error {
  readonly source: number;
  constructor(source: number, cause: unknown) {
    super('records cannot be read again', { cause });
    this.source = source;
  }
}

/** What reads records again. */
export interface Rereading {
  readonly pool: ParsePool;
  readonly maxNodeTokens: number | null;
  readonly signal: AbortSignal;
}

/**
 * The same object where nothing is to be merged. `dataset.parts` are those that were merged before.
 * @param isNew of a row: it came since. Rejects where a file has changed, and with AbortError
 */
async function mergeParts(dataset: Dataset, rereading: Rereading, isNew: (row: RolloutRow) => boolean): Promise<Dataset> {
  const whole = await withReleased(dataset, rereading, isNew);
  const { parts, stay } = partsOf(whole.tokens, whole.opening.inputs);
  if (parts.length === 0) return whole;
  const tasks = new Set(parts.map(({ row }) => row.task));
  const merged = await rebuilt(
    whole,
    tasks,
    stay.filter(({ task }) => tasks.has(task)),
    rereading,
  );
  return { ...merged, parts: [...(whole.parts ?? []), ...parts] };
}

/**
 * The same. Where records cannot be read again, the rollouts stay as they are, and a note of their input says so. Rejects with
 * AbortError alone
 */
export async function mergePartsOrSay(dataset: Dataset, rereading: Rereading, isNew: (row: RolloutRow) => boolean): Promise<Dataset> {
  try {
    return await mergeParts(dataset, rereading, isNew);
  } catch (error) {
    if (rereading.signal.aborted) throw error;
    const [source, cause]: [number, unknown] = error instanceof NotReread ? [error.source, error.cause] : [0, error];
    return withUnmerged(dataset, source, cause instanceof Error ? cause.message : String(cause));
  }
}

/** With a note at an input that parts of rollouts stay rollouts, unless it has one already. @param source the input */
export function withUnmerged(dataset: Dataset, source: number, why: string): Dataset {
  const { opening } = dataset;
  const input = opening.inputs[source];
  if (input === undefined || input.issueCounts.has(`note ${UNMERGED}`)) return dataset;
  const note: Issue = {
    severity: 'note',
    file: input.path,
    line: 0,
    address: bytesAt(0),
    code: UNMERGED,
    expected: 'records of rollouts that paused to be read again, and merged into those that went on',
    found: why.slice(0, 300),
  };
  const noted = { ...input, issues: [...input.issues, note], issueCounts: new Map(input.issueCounts) };
  countIssue(noted, 'note', UNMERGED, 1);
  return { ...dataset, opening: settledOpening(opening.inputs.with(source, noted), opening.intact, opening.beside, opening.isFull) };
}

/** What is to be merged of a forest that holds all records, and the rows that stay. */
export function partsOf(
  { forest, rollouts }: Pick<Frozen, 'forest' | 'rollouts'>,
  inputs: readonly OpenedInput[],
): {
  readonly parts: readonly MergedPart[];
  readonly stay: readonly RolloutRow[];
} {
  const found = continuedBy(forest, rollouts, (source) => inputs[source]?.path ?? '');
  if (found.size === 0) return { parts: [], stay: rollouts };
  const lengths = tokensByBranch(forest);
  const parts = [...found].map(([part, into]): MergedPart => ({
    row: rollouts[part]!,
    into: rollouts[into]!,
    tokens: lengths.get(part) ?? [],
  }));
  return { parts, stay: rollouts.filter((_, r) => !found.has(r)) };
}

/** Where another record of a rollout has come, what was merged of it is told anew: so are all parts of its task. */
async function withReleased(dataset: Dataset, rereading: Rereading, isNew: (row: RolloutRow) => boolean): Promise<Dataset> {
  const { parts = [] } = dataset;
  if (parts.length === 0) return dataset;
  const { rollouts } = dataset.tokens;
  const come = new Set(rollouts.filter(isNew).map(episodeKey));
  const tasks = new Set(parts.filter(({ row }) => come.has(episodeKey(row))).map(({ row }) => row.task));
  if (tasks.size === 0) return dataset;
  const [back, kept] = [parts.filter(({ row }) => tasks.has(row.task)), parts.filter(({ row }) => !tasks.has(row.task))];
  const rows = [...rollouts.filter(({ task }) => tasks.has(task)), ...back.map(({ row }) => row)];
  return { ...(await rebuilt(dataset, tasks, rows, rereading)), parts: kept };
}

/** With these tasks of these rows alone. */
async function rebuilt(
  dataset: Dataset,
  tasks: ReadonlySet<string>,
  rows: readonly RolloutRow[],
  { pool, maxNodeTokens, signal }: Rereading,
): Promise<Dataset> {
  const { inputs } = dataset.opening;
  const nameOf = (source: number): string => inputs[source]?.path ?? '';
  const tokens = makeGrowingForest(dataset.tokens, maxNodeTokens, undefined, nameOf);
  const actions = makeGrowingForest(dataset.actions, null, undefined, nameOf);
  for (const task of tasks) for (const forest of [tokens, actions]) forest.rebuild(task);
  const add = (batch: TrajectoryBatch): void => {
    tokens.builder.add(batch);
    actions.builder.add(actionTrajectories(batch));
  };
  for (const [source, own] of rowsBySource(rows))
    await rereadRollouts(own, inputs, pool, signal, add).catch((error: unknown) => {
      throw new NotReread(source, error);
    });
  const { frozen } = tokens.freeze();
  return { ...dataset, tokens: frozen, actions: { ...actions.freeze().frozen, rollouts: frozen.rollouts } };
}

/** rollout -> branch -> tokens */
function tokensByBranch({ trajectories }: Forest): ReadonlyMap<number, readonly number[]> {
  const { rollout, branch, tokenCount, length } = trajectories;
  const lengths = new Map<number, number[]>();
  for (let t = 0; t < length; t++) {
    const own = lengths.get(rollout[t] ?? 0) ?? [];
    own[branch[t] ?? 0] = tokenCount[t] ?? 0;
    lengths.set(rollout[t] ?? 0, own);
  }
  return lengths;
}
